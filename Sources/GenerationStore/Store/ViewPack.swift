import Documents
import SQLiteConnection

extension ViewPack {
  private static let setting = "view_pack"

  /// The program whose views the database has; nil if it has none.
  static func program(of connection: Connection) throws(SQLiteFailure) -> String? {
    let read = try connection.statement("SELECT value FROM store_setting WHERE name = ?1")
    defer { read.reset() }
    try read.bind(setting, at: 1)
    guard try read.step() else { return nil }
    return read.text(0).split(separator: " ").first.map(String.init)
  }

  /// Installs the views unless the database already has this version.
  ///
  /// - Parameter isNewSchema: whether the schema was just created or migrated, which drops the views of programs.
  func install(in connection: Connection, isNewSchema: Bool) throws(SQLiteFailure) {
    let mark = "\(name) \(version)"
    let read = try connection.statement("SELECT value FROM store_setting WHERE name = ?1")
    try read.bind(Self.setting, at: 1)
    let isInstalled = try read.step() && read.text(0) == mark
    read.reset()
    if isInstalled, !isNewSchema { return }
    try connection.transaction { () throws(SQLiteFailure) in
      for view in views.reversed() { try connection.execute("DROP VIEW IF EXISTS \(view)") }
      try connection.execute(sql)
      let write = try connection.statement("INSERT OR REPLACE INTO store_setting(name, value) VALUES (?1, ?2)")
      try write.bind(Self.setting, at: 1)
      try write.bind(mark, at: 2)
      try write.run()
    }
  }
}
