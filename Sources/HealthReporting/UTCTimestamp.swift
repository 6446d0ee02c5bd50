/// Wall-clock labels as ISO 8601 in UTC with milliseconds: `2026-07-14T09:30:00.000Z`.
public enum UTCTimestamp {
  /// The moment of the least and the greatest year that four digits can show; what lies outside is shown as these.
  private static let shown = Int64(-62_167_219_200_000)...Int64(253_402_300_799_999)

  public static func text(unixMs: Int64) -> String {
    let moment = min(max(unixMs, shown.lowerBound), shown.upperBound)
    let (days, milliseconds) = moment.dividedFloor(by: 86_400_000)
    let (year, month, day) = civil(daysSince1970: days)
    let (hour, minute) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
    let (second, fraction) = (milliseconds / 1000 % 60, milliseconds % 1000)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)).\(padded(fraction, 3))Z"
  }

  /// The Gregorian calendar, extended to both sides, by counting in eras of 400 years (146,097 days) that begin on
  /// 1 March, so that the leap day is a year's last.
  private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    let (era, day) = (daysSince1970 + 719_468).dividedFloor(by: 146_097)
    let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Months from March: their lengths repeat every five months in 153 days.
    let month = (5 * dayOfYear + 2) / 153
    let isJanuaryOrFebruary = month >= 10
    return (
      year: era * 400 + yearOfEra + (isJanuaryOrFebruary ? 1 : 0), month: month + (isJanuaryOrFebruary ? -9 : 3),
      day: dayOfYear - (153 * month + 2) / 5 + 1
    )
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// Quotient rounded down, remainder never negative.
  fileprivate func dividedFloor(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
