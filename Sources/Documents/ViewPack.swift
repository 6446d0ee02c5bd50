/// SQL views over the content of a program's documents, for people who read the database. The store itself does not
/// know that content. It installs the views when it opens the database for writing, in one transaction with their name.
public struct ViewPack: Sendable, Equatable {
  /// The name of the program, such as `studio`.
  public var name: String
  /// Must increase whenever `sql` changes: a database with another version gets the views again.
  public var version: Int
  /// `CREATE VIEW` statements, one for each of `views`, in an order in which they can be executed. They may replace
  /// views of the store, such as `generations`.
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
