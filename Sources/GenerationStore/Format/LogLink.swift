// What ties a log to its database.
//
// SQLite replays any log that lies beside a database, also one that was written for another one: a backup that was
// copied over `state.db` beside a leftover `state.db-wal` becomes a mixture of both. SQLite's salts and checksums do not
// help, since they name the log's round and not the database.
//
// So each round of the log names the database that it was begun on. `store_setting` has a row `log` with two random
// numbers: the round's own and that of the round before. The first transaction after the log was found empty, or was
// moved into the database whole and synced, writes a new row:
//
//     in the database's file | in the log            |
//     -----------------------|-----------------------|-------------------------------------------------
//     own A                  | own B, after A        | the log was begun on this database
//     own B, after A         | own B, after A        | the same, and it was moved in part or whole
//     anything else          | own B, after A        | the log belongs to another database
//
// The database's file holds A, synced, before B is written, because B is only written after a whole checkpoint. So a
// crash can't bring about the last line, with one thing to take care of: a power loss in a checkpoint may tear the page
// that has the row. The row therefore always has the same length and is replaced in its place, so that a torn page holds
// A, or B, or a mixture that fails the row's checksum. Where a row is missing or fails its checksum, nothing is said:
// versions up to 0.1 wrote none.

import PersistenceMessages
import SQLiteConnection

/// The row `log` of `store_setting`: `OWN PREVIOUS CHECKSUM`, 16 hexadecimal digits each; `PREVIOUS` is 0 in the first one.
struct LogLink: Sendable, Equatable {
  static let setting = "log"

  /// Of the round of the log that begins with this row.
  let own: UInt64
  /// Of the round before, which the database's file holds whole; 0 when there was none.
  let previous: UInt64

  /// The next round's.
  init(after previous: LogLink?) {
    self.previous = previous?.own ?? 0
    // As for the log's salts: tests can repeat them.
    own = SQLiteLibrary.randomNumber()
  }

  /// Nil when the text is no link or is not whole.
  init?(text: String) {
    let parts = text.split(separator: " ").map { UInt64($0, radix: 16) }
    guard parts.count == 3, let own = parts[0], let previous = parts[1], let checksum = parts[2] else { return nil }
    self.own = own
    self.previous = previous
    guard checksum == self.checksum, text == self.text else { return nil }
  }

  var text: String { "\(words) \(Self.digits(checksum))" }

  private var words: String { "\(Self.digits(own)) \(Self.digits(previous))" }
  private var checksum: UInt64 { XXH64.hash(Array(words.utf8)) }

  private static func digits(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Nil in a database that has none.
  static func read(from connection: Connection) throws(SQLiteFailure) -> LogLink? {
    let read = try connection.statement("SELECT value FROM store_setting WHERE name = ?1")
    defer { read.reset() }
    try read.bind(setting, at: 1)
    return try read.step() ? LogLink(text: read.text(0)) : nil
  }

  func write(to connection: Connection) throws(SQLiteFailure) {
    let write = try connection.statement("INSERT OR REPLACE INTO store_setting(name, value) VALUES (?1, ?2)")
    try write.bind(Self.setting, at: 1)
    try write.bind(text, at: 2)
    try write.run()
  }
}
