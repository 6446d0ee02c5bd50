/// One step of the database's schema.
public struct Migration: Sendable {
  /// The database's `user_version` after it. The first is 1; there are no gaps.
  public var number: Int32
  /// The name of its file, without number and ending.
  public var name: String
  public var sql: String

  public init(number: Int32, name: String, sql: String) {
    self.number = number
    self.name = name
    self.sql = sql
  }
}

/// Every step there ever was, in order. Append only: a step that has shipped is never edited, because databases in the
/// field have it behind them. The SQL is embedded in the binary, so that an installed program needs no files beside it.
public enum Migrations {
  public static let all: [Migration] = [
    Migration(number: 1, name: "generations", sql: text(PackageResources.m0001_generations_sql)),
    Migration(number: 2, name: "any_documents", sql: text(PackageResources.m0002_any_documents_sql)),
  ]

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
