public import Documents
public import PersistenceMessages

extension GenerationStore {
  /// The state of a generation that is kept, read back through the connection that writes; nil when it is not there or
  /// nothing of it can be read.
  public func source(of generation: Int64) throws(StoreFailure) -> (any DocumentSource)? {
    let session = try placedSession()
    return try attempt { () throws(SQLiteFailure) in
      try GenerationReading(generation, StoredRows(connection: session.connection), options.reading)?.source
    }
  }
}
