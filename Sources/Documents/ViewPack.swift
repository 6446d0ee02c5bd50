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
}
