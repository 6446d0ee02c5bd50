import GenerationStore
import SQLiteConnection

/// The SQLite library that this program runs with.
struct SQLiteVersion: Sendable, Equatable, Comparable, CustomStringConvertible {
  var major: Int
  var minor: Int
  var patch: Int

  init(_ major: Int, _ minor: Int, _ patch: Int) {
    (self.major, self.minor, self.patch) = (major, minor, patch)
  }

  init?(_ text: String) {
    let parts = text.split(separator: ".").map { Int($0) }
    guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { return nil }
    self.init(major, minor, parts.count > 2 ? parts[2] ?? 0 : 0)
  }

  static var running: SQLiteVersion? { SQLiteVersion(SQLiteLibrary.version) }

  var description: String { "\(major).\(minor).\(patch)" }

  /// sqlite.org/wal.html, "The WAL-Reset Bug": 3.7.0 to 3.51.2, save 3.50.7 and 3.44.6 and what follows
  /// them in their lines.
  var hasWALResetBug: Bool {
    if self >= SQLiteVersion(3, 51, 3) || self < SQLiteVersion(3, 7, 0) { return false }
    if minor == 50 { return patch < 7 }
    if minor == 44 { return patch < 6 }
    return true
  }

  static func < (left: SQLiteVersion, right: SQLiteVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}
