public import Documents
public import PersistenceMessages
import SQLiteConnection

extension GenerationStore {
  /// The state of a generation in the ring, read through the writing connection; nil if it does not exist or nothing of
  /// it can be read.
  public func source(of generation: Int64) throws(StoreFailure) -> (any DocumentSource)? {
    let session = try placedSession()
    return try attempt { () throws(SQLiteFailure) in
      try GenerationReading(generation, StoredRows(connection: session.connection), options.reading)?.source
    }
  }
}
