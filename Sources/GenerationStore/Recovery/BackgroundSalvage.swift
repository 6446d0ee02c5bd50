public import Documents
import DurableFiles
public import PersistenceMessages
import SQLiteConnection

/// Searches the pages of a quarantined database without a time limit, after a start that could not wait for it. It
/// blocks its thread, and writes only to its own folder `salvaged` in quarantine.
public struct BackgroundSalvage: Sendable {
  public struct Found: Sendable, Equatable {
    /// A complete data folder.
    public var folder: String
    /// Ascending.
    public var generations: [Int64]
    public var newest: Int64? { generations.last }
  }

  private let reading: DocumentReading
  private let incident: String
  private let wallClock: @Sendable () -> Int64

  /// - Parameters:
  ///   - reading: how documents become states.
  ///   - incident: ``OpenedStore/quarantined``.
  public init(_ reading: DocumentReading, incident: String, wallClock: @escaping @Sendable () -> Int64) {
    self.reading = reading
    self.incident = incident
    self.wallClock = wallClock
  }

  public func run() throws(StoreFailure) -> Found {
    let folder = "\(incident)/salvaged"
    do throws(FileFailure) {
      try DataFolder.createFolder(folder)
    } catch {
      throw StoreFailure(error)
    }
    let salvage = try DatabaseSalvage(reading, database: DatabaseFiles(folder: incident).database)
    let report = try salvage.write(into: folder, wallClock: wallClock)
    return Found(folder: folder, generations: report.saved.map(\.generation))
  }
}
