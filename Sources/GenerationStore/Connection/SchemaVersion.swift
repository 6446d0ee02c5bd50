import Migrations
import PersistenceMessages
import SQLiteConnection

/// What kind of file was opened: looked at before anything else is done with it.
enum SchemaVersion: Equatable {
  /// No table in it: new, or left by a process that was killed while it created it.
  case empty
  /// Ours; `user_version` is between 1 and the newest that is known.
  case known(Int32)
  case newer(Int64)
  case foreign(String)

  /// `PRAGMA application_id` of an Afterimage database: "AFTR" in ASCII, as `file` shows it.
  static let applicationID: Int64 = 0x4146_5452

  init(of connection: Connection, newestKnown: Int32) throws(SQLiteFailure) {
    let application = try connection.integer("PRAGMA application_id") ?? 0
    let version = try connection.integer("PRAGMA user_version") ?? 0
    let objects = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
    if application == 0, version == 0, objects == 0 {
      self = .empty
    } else if application != Self.applicationID {
      self = .foreign("its application_id is \(application)")
    } else if version > Int64(newestKnown) {
      self = .newer(version)
    } else if version < 1 {
      self = .foreign("its user_version is \(version)")
    } else {
      self = .known(Int32(version))
    }
  }
}

/// Brings a database to the newest schema.
struct Migrator {
  var migrations: [Migration]

  var newest: Int32 { migrations.last?.number ?? 0 }

  /// Each step is one transaction with its number, so that a crash leaves the schema before it or after it.
  func migrate(_ connection: Connection, from version: Int32) throws(SQLiteFailure) {
    for migration in migrations where migration.number > version {
      try connection.transaction { () throws(SQLiteFailure) in
        try connection.execute(migration.sql)
        try connection.execute("PRAGMA application_id = \(SchemaVersion.applicationID)")
        try connection.execute("PRAGMA user_version = \(migration.number)")
      }
    }
  }

}

/// The schema's steps as this program knows them.
let knownMigrations = Migrations.all
