package import PersistenceMessages
import SQLiteConnection

/// What a database tells of itself beside its generations.
package struct DatabaseFacts: Sendable, Equatable {
  /// `PRAGMA user_version`.
  package var schema: Int64
  /// Bytes.
  package var pageSize: Int64
  package var pages: Int64
  package var freePages: Int64
  /// As the host that wrote it last was told; the defaults where it says nothing.
  package var retention: RetentionPolicy
  /// Generations up to this one are not pruned (invariant I8); nil in normal times.
  package var frozenThrough: Int64?

  package init(
    schema: Int64, pageSize: Int64, pages: Int64, freePages: Int64, retention: RetentionPolicy = RetentionPolicy(),
    frozenThrough: Int64? = nil
  ) {
    self.schema = schema
    self.pageSize = pageSize
    self.pages = pages
    self.freePages = freePages
    self.retention = retention
    self.frozenThrough = frozenThrough
  }

  /// What the byte bound is compared with.
  package var bytesInUse: Int64 { (pages - freePages) * pageSize }

  package static var newestKnownSchema: Int64 { Int64(Migrator(migrations: knownMigrations).newest) }

  /// Bytes of the log from which on it is moved into the database: at rest, and right after a store.
  package static let restingLogBytes = Int64(CheckpointPolicy.restPages * (ConnectionSettings.pageSize + 24))
  package static let forcedLogBytes = Int64(CheckpointPolicy.forcedPages * (ConnectionSettings.pageSize + 24))
}

extension GenerationReader {
  package func facts() throws(StoreFailure) -> DatabaseFacts {
    try reading { () throws(SQLiteFailure) in
      var facts = DatabaseFacts(
        schema: try self.connection.integer("PRAGMA user_version") ?? 0,
        pageSize: try self.connection.integer("PRAGMA page_size") ?? 0,
        pages: try self.connection.integer("PRAGMA page_count") ?? 0,
        freePages: try self.connection.integer("PRAGMA freelist_count") ?? 0)
      // A newer schema may have no such table, and a damaged page costs the settings only.
      let settings = (try? StoredRows(connection: self.connection).settings()) ?? [:]
      facts.retention = RetentionPolicy(settings)
      facts.frozenThrough = try? self.frozenThrough()
      return facts
    }
  }

  /// As ``Ring/frozenThrough``, from the rows.
  private func frozenThrough() throws(SQLiteFailure) -> Int64? {
    guard !isNewerSchema else { return nil }
    let rows = StoredRows(connection: connection)
    let marks = try rows.marks()
    return Ring(try rows.generations().map { RingEntry($0, marks, isIntact: true) }).frozenThrough
  }

  /// The numbers of all generations whose rows can be found, ascending, also where the list is damaged, and SQLite's
  /// words on that damage; nil when the list is whole.
  package func findableNumbers() throws(StoreFailure) -> (numbers: [Int64], damage: String?) {
    try reading { () throws(SQLiteFailure) in
      do throws(SQLiteFailure) {
        if self.isNewerSchema {
          return (try NewerSchema(connection: self.connection).list().map(\.generation).reversed(), nil)
        }
        return (try StoredRows(connection: self.connection).generations().map(\.record.generation), nil)
      } catch {
        guard error.isDamage else { throw error }
        return (try Salvage(source: self.connection, reading: self.documentReading).generationNumbers(), error.message)
      }
    }
  }

  /// How many documents no generation names. They do no harm: the next store deletes them. Nil while a damaged manifest
  /// hides which documents are its own, and in a newer schema.
  package func orphanedDocuments() throws(StoreFailure) -> Int? {
    guard !isNewerSchema else { return nil }
    return try reading { () throws(SQLiteFailure) in
      let rows = StoredRows(connection: self.connection)
      do throws(SQLiteFailure) {
        var orphans = DocumentRanges(ascending: try rows.references().map(\.id))
        for generation in try rows.generations() {
          guard let documents = generation.documents else { return nil }
          orphans = orphans.subtracting(documents)
        }
        return orphans.count
      } catch {
        guard error.isDamage else { throw error }
        return nil
      }
    }
  }
}

extension RetentionPolicy {
  init(_ settings: [String: Int64]) {
    let number = { (name: String, fallback: Int) in settings[name].map { Int(clamping: $0) } ?? fallback }
    let usual = RetentionPolicy()
    self.init(
      newest: number("ring_capacity", usual.newest), hourly: number("hourly", usual.hourly),
      daily: number("daily", usual.daily))
  }
}

extension StoredRows {
  /// Those whose value is a number.
  func settings() throws(SQLiteFailure) -> [String: Int64] {
    let statement = try connection.statement("SELECT name, value FROM store_setting")
    defer { statement.reset() }
    var settings: [String: Int64] = [:]
    while try statement.step() { settings[statement.text(0)] = Int64(statement.text(1)) }
    return settings
  }
}
