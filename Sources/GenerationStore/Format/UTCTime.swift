/// Wall-clock labels as text: ISO 8601, UTC, milliseconds. The same text as the views give.
enum UTCTime {
  /// Such as `2025-11-23T09:36:00.123Z`. Years beyond 0 to 9999 are held at those.
  static func text(unixMilliseconds: Int64) -> String {
    let parts = Parts(unixMilliseconds)
    return
      "\(digits(parts.year, 4))-\(digits(parts.month, 2))-\(digits(parts.day, 2))T\(digits(parts.hour, 2)):"
      + "\(digits(parts.minute, 2)):\(digits(parts.second, 2)).\(digits(parts.millisecond, 3))Z"
  }

  /// Such as `20251123T093600Z`, for names of folders.
  static func compactText(unixMilliseconds: Int64) -> String {
    let parts = Parts(unixMilliseconds)
    return
      "\(digits(parts.year, 4))\(digits(parts.month, 2))\(digits(parts.day, 2))T\(digits(parts.hour, 2))"
      + "\(digits(parts.minute, 2))\(digits(parts.second, 2))Z"
  }

  private struct Parts {
    var year, month, day, hour, minute, second, millisecond: Int64

    init(_ unixMilliseconds: Int64) {
      // 0000-01-01 and 9999-12-31, as far as the text has room.
      let time = min(max(unixMilliseconds, -62_167_219_200_000), 253_402_300_799_999)
      let days = time.flooredQuotient(86_400_000)
      var rest = time - days * 86_400_000
      millisecond = rest % 1000
      rest /= 1000
      second = rest % 60
      minute = rest / 60 % 60
      hour = rest / 3600
      // Days of the proleptic Gregorian calendar, counted from 1 March of the year 0 in eras of 400 years, so that the
      // leap day is the last of its year (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
      let shifted = days + 719_468
      let era = shifted.flooredQuotient(146_097)
      let dayOfEra = shifted - era * 146_097
      let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
      let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
      let monthFromMarch = (5 * dayOfYear + 2) / 153
      day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
      month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
      year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
  }

  private static func digits(_ number: Int64, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}

extension Int64 {
  /// Rounded towards negative infinity, so that times before 1970 have their day too.
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
