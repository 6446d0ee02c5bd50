import SQLiteConnection

/// Names a show for the life of its data folders: random, made with the first database, taken over by every database that
/// takes its place. It keeps a second folder that was used for another show from going on air.
struct ShowID: Sendable, Equatable {
  /// 16 hexadecimal digits.
  let text: String

  private static let setting = "show"

  /// The one that the database holds, or else `newShow`, which it then holds, or a new one.
  static func kept(in connection: Connection, newShow: ShowID?) throws(SQLiteFailure) -> ShowID {
    if let found = try read(from: connection) { return found }
    let show = newShow ?? .random()
    let write = try connection.statement("INSERT INTO store_setting(name, value) VALUES (?1, ?2)")
    try write.bind(setting, at: 1)
    try write.bind(show.text, at: 2)
    try write.run()
    return show
  }

  /// Names the show of a database that takes over another one's generations.
  func replace(in connection: Connection) throws(SQLiteFailure) {
    let write = try connection.statement("INSERT OR REPLACE INTO store_setting(name, value) VALUES (?1, ?2)")
    try write.bind(Self.setting, at: 1)
    try write.bind(text, at: 2)
    try write.run()
  }

  /// Nil in a database that has none.
  static func read(from connection: Connection) throws(SQLiteFailure) -> ShowID? {
    let read = try connection.statement("SELECT value FROM store_setting WHERE name = ?1")
    defer { read.reset() }
    try read.bind(setting, at: 1)
    return try read.step() ? ShowID(text: read.text(0)) : nil
  }

  private static func random() -> ShowID {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return ShowID(text: String(repeating: "0", count: 16 - digits.count) + digits)
  }
}
