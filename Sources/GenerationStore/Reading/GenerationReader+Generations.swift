public import Documents
public import PersistenceMessages
import SQLiteConnection

// The generations that a reader finds.

extension GenerationReader {
  /// All generations, newest first.
  public func list() throws(StoreFailure) -> [GenerationSummary] {
    try reading { () throws(SQLiteFailure) in
      if self.isNewerSchema { return try NewerSchema(connection: self.connection).list() }
      let rows = StoredRows(connection: self.connection)
      let generations = try rows.generations()
      let marks = try rows.readableMarks()
      let newest = generations.last?.record.generation
      return generations.reversed().map {
        GenerationSummary($0.record, marks, isCurrent: $0.record.generation == newest)
      }
    }
  }

  /// The newest generation; nil when there is none.
  public func head() throws(StoreFailure) -> GenerationSummary? {
    try list().first
  }

  /// The state of a generation, checked from the first byte to the last.
  public func load(_ generation: Int64) throws(GenerationReadFailure) -> LoadedGeneration {
    if isNewerSchema { return try loadFromViews(generation) }
    let (reading, summary) = try readingAndSummary(generation)
    guard reading.damaged.isEmpty else {
      throw GenerationReadFailure(code: .damaged, generation: generation, damaged: reading.damaged)
    }
    guard let source = reading.source else {
      throw GenerationReadFailure(code: .damaged, generation: generation, damaged: reading.damaged)
    }
    return LoadedGeneration(summary: summary, source: source)
  }

  /// The documents of a generation that are undamaged.
  public func documents(of generation: Int64) throws(GenerationReadFailure) -> [Document] {
    try readingAndSummary(generation).reading.documents
  }

  /// What is damaged in a generation; empty when it is valid.
  public func verify(_ generation: Int64) throws(GenerationReadFailure) -> [DamagedDocument] {
    if isNewerSchema {
      _ = try loadFromViews(generation)
      return []
    }
    do throws(GenerationReadFailure) {
      return try readingAndSummary(generation).reading.damaged
    } catch {
      guard error.cause?.code == .corrupt, let cause = error.cause else { throw error }
      return [DamagedDocument(generation: generation, document: "manifest", problem: cause.message)]
    }
  }

  private func readingAndSummary(
    _ generation: Int64
  ) throws(GenerationReadFailure) -> (reading: GenerationReading, summary: GenerationSummary) {
    do throws(SQLiteFailure) {
      let found = try inTransaction { () throws(SQLiteFailure) -> (GenerationReading, GenerationSummary)? in
        let rows = StoredRows(connection: self.connection)
        guard let reading = try GenerationReading(generation, rows, self.documentReading) else { return nil }
        let newest = try self.connection.integer("SELECT max(generation) FROM generation")
        let marks = try rows.readableMarks()
        return (reading, GenerationSummary(reading.row.record, marks, isCurrent: generation == newest))
      }
      if let found { return found }
    } catch {
      throw GenerationReadFailure(code: .failed, generation: generation, cause: StoreFailure(error, files))
    }
    throw GenerationReadFailure(code: .unknown, generation: generation)
  }

  private func loadFromViews(_ generation: Int64) throws(GenerationReadFailure) -> LoadedGeneration {
    do throws(SQLiteFailure) {
      let loaded = try inTransaction { () throws(SQLiteFailure) in
        try self.connection.trustingSchema { () throws(SQLiteFailure) in
          try NewerSchema(connection: self.connection).load(generation, self.documentReading)
        }
      }
      if let loaded { return loaded }
    } catch {
      throw GenerationReadFailure(code: .failed, generation: generation, cause: StoreFailure(error, files))
    }
    throw GenerationReadFailure(code: .unknown, generation: generation)
  }
}
