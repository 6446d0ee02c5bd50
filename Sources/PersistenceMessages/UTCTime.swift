import FoundationEssentials

/// Wall-clock labels as text: ISO 8601, UTC, milliseconds. The same format as in the views of the database.
public enum UTCTime {
  /// The times that a year of four digits can represent; other times are clamped. Nothing was stored before 1970, but a
  /// clock whose battery failed may show such a time.
  private static let shown = Int64(0)...Int64(253_402_300_799_999)

  /// Such as `2025-11-23T09:36:00.123Z`.
  public static func text(unixMilliseconds: Int64) -> String {
    let (seconds, milliseconds) = parts(unixMilliseconds)
    let digits = String(1000 + milliseconds).dropFirst()
    return "\(text(seconds, .iso8601.timeZoneSeparator(.omitted)).dropLast()).\(digits)Z"
  }

  /// Such as `20251123T093600Z`, for names of folders.
  public static func compactText(unixMilliseconds: Int64) -> String {
    text(
      parts(unixMilliseconds).seconds,
      .init(dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZone: .gmt))
  }

  /// Whole seconds, so that no fraction is rounded: a Date counts in floating point.
  private static func text(_ seconds: Int64, _ style: Date.ISO8601FormatStyle) -> String {
    style.format(Date(timeIntervalSince1970: TimeInterval(seconds)))
  }

  private static func parts(_ unixMilliseconds: Int64) -> (seconds: Int64, milliseconds: Int64) {
    let time = min(max(unixMilliseconds, shown.lowerBound), shown.upperBound)
    return (time / 1000, time % 1000)
  }
}
