import Documents
import DurableFiles
import Migrations
import PersistenceMessages
import SQLiteConnection

/// Opens the database for the one connection that writes: every practice of docs/on-disk-format.md, in its order.
struct DatabaseOpening {
  var files: DatabaseFiles
  var options: StoreOptions
  var migrator: Migrator
  /// Whose show a new database is; nil for a new show.
  var show: ShowID?

  /// - Returns: the connection, which files it has open, and whose show it is.
  /// - Throws: `corrupt` for what is no usable database, `newerSchema`, and what the disk or a lock brings.
  func open() throws(StoreFailure) -> (connection: Connection, place: DatabaseFiles.Place, show: ShowID) {
    try prepareFile()
    let connection = try files.attempt { () throws(SQLiteFailure) in
      try Connection(files.database, .writer, vfs: options.vfs)
    }
    let version = try prepareSchema(of: connection)
    let kept = try files.attempt { () throws(SQLiteFailure) in
      try migrator.migrate(connection, from: version)
      try options.reading.views?.install(in: connection, isNewSchema: version < migrator.newest)
      try keepSettings(in: connection)
      return try ShowID.kept(in: connection, newShow: show)
    }
    // Log and shared memory exist from the first statement on, and stay the same files while this connection is open.
    let place = files.place
    guard !connection.hasMoved, place.database != nil, place.log != nil, place.sharedMemory != nil else {
      throw .moved("state.db or a file beside it was moved while it was opened", files)
    }
    return (connection, place, kept)
  }

  private func prepareFile() throws(StoreFailure) {
    switch files.prepare() {
    case .ready: return
    case .orphanedLog:
      throw .damaged("\(files.log) lies there without the database that it belongs to", files)
    case .failed(let code, let what): throw .cannotOpen(what, code: code, files)
    }
  }

  /// Looks at what was opened, and only then sets it up for writing.
  ///
  /// - Returns: the schema's version; 0 for a new database.
  private func prepareSchema(of connection: Connection) throws(StoreFailure) -> Int32 {
    let settings = ConnectionSettings(busyTimeoutMilliseconds: options.busyTimeoutMilliseconds)
    let version = try files.attempt { () throws(SQLiteFailure) in
      try settings.guardAgainstContent(of: connection, longestText: StoreOptions.longestText)
      return try SchemaVersion(of: connection, newestKnown: migrator.newest)
    }
    let number: Int32
    switch version {
    case .empty: number = 0
    case .known(let known): number = known
    case .newer(let newer): throw .newerSchema(newer, known: migrator.newest, files)
    case .foreign(let reason): throw .damaged("\(files.database) is no Afterimage database: \(reason)", files)
    }
    try files.attempt { () throws(SQLiteFailure) in
      let pages = try connection.integer("PRAGMA page_count") ?? 0
      try settings.applyForWriting(to: connection, options.durability, isNew: pages == 0)
    }
    if number > 0, number < migrator.newest { try keepCopy(of: connection, version: number) }
    return number
  }

  /// Before the schema changes, the database as it is goes into `quarantine/`, where nothing is ever pruned: the newer
  /// schema may turn out to be the mistake.
  private func keepCopy(of connection: Connection, version: Int32) throws(StoreFailure) {
    let hasGenerations = try files.attempt { () throws(SQLiteFailure) in
      try connection.integer("SELECT EXISTS (SELECT 1 FROM generation)") == 1
    }
    guard hasGenerations else { return }
    let folder: String
    do throws(FileFailure) {
      folder = try Quarantine(files).makeFolder(reason: "before-schema-\(migrator.newest)", now: options.wallClock())
    } catch {
      throw StoreFailure(error)
    }
    try files.attempt { () throws(SQLiteFailure) in
      try DatabaseCopy.make(of: connection, at: "\(folder)/\(DataFolderLayout.databaseName)")
    }
  }

  /// What the views show of the options; written only where it differs.
  private func keepSettings(in connection: Connection) throws(SQLiteFailure) {
    let settings = [
      ("ring_capacity", options.retention.newest), ("hourly", options.retention.hourly),
      ("daily", options.retention.daily), ("keyframe_interval", Int(options.keyframeInterval)),
    ]
    for (name, value) in settings {
      let read = try connection.statement("SELECT 1 FROM store_setting WHERE name = ?1 AND value = ?2")
      try read.bind(name, at: 1)
      try read.bind("\(value)", at: 2)
      let isSet = try read.step()
      read.reset()
      if isSet { continue }
      let write = try connection.statement("INSERT OR REPLACE INTO store_setting(name, value) VALUES (?1, ?2)")
      try write.bind(name, at: 1)
      try write.bind("\(value)", at: 2)
      try write.run()
    }
  }
}

extension DatabaseFiles {
  /// Runs `body` and turns what SQLite answers into what operator and writer understand.
  func attempt<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(StoreFailure) -> Value {
    do throws(SQLiteFailure) {
      return try body()
    } catch {
      throw StoreFailure(error, self)
    }
  }
}
