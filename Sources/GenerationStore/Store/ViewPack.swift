/// Views that know what a program's documents hold, for people who read the database with SQL. The store knows documents
/// only; it installs the views when it opens the database for writing, in one transaction with their name.
public struct ViewPack: Sendable, Equatable {
  /// The program, such as `studio`.
  public var name: String
  /// Higher whenever `sql` changes: a database with another version gets the views again.
  public var version: Int
  /// `CREATE VIEW` statements, one for each of `views`, in an order in which they can be made. Views of the store that are
  /// among them, such as `generations`, are replaced.
  public var sql: String
  /// The names of all views in `sql`.
  public var views: [String]

  public init(name: String, version: Int, views: [String], sql: String) {
    self.name = name
    self.version = version
    self.views = views
    self.sql = sql
  }

  private static let setting = "view_pack"

  /// Installs the views unless this version of them is there.
  ///
  /// - Parameter isNewSchema: whether the schema was just made or migrated, which drops the views of programs.
  func install(in connection: Connection, isNewSchema: Bool) throws(SQLiteProblem) {
    let mark = "\(name) \(version)"
    let read = try connection.statement("SELECT value FROM store_setting WHERE name = ?1")
    try read.bind(Self.setting, at: 1)
    let isInstalled = try read.step() && read.text(0) == mark
    read.reset()
    if isInstalled, !isNewSchema { return }
    try connection.transaction { () throws(SQLiteProblem) in
      for view in views.reversed() { try connection.execute("DROP VIEW IF EXISTS \(view)") }
      try connection.execute(sql)
      let write = try connection.statement("INSERT OR REPLACE INTO store_setting(name, value) VALUES (?1, ?2)")
      try write.bind(Self.setting, at: 1)
      try write.bind(mark, at: 2)
      try write.run()
    }
  }
}
