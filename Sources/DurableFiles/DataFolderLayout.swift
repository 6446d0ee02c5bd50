/// The names and paths of the files in a data folder. No other type builds these paths.
public struct DataFolderLayout: Sendable, Equatable {
  public static let databaseName = "state.db"
  /// The files that SQLite keeps beside the database.
  public static let logName = "\(databaseName)-wal"
  public static let sharedMemoryName = "\(databaseName)-shm"
  /// The database, its log and its shared memory. The database comes first: see `Quarantine`.
  public static let databaseNames = [databaseName, logName, sharedMemoryName]
  public static let headName = "head.json"
  public static let elsewhereName = "elsewhere.json"
  public static let startsName = "starts.json"
  public static let lossName = "loss.json"
  public static let lockName = "host.lock"
  public static let hostName = "host.json"
  public static let quarantineName = "quarantine"
  /// The files that the recovery tool lists, in that order.
  public static let listedNames = databaseNames + [headName, startsName, lossName, lockName, hostName]

  /// The data folder.
  public let folder: String

  public init(_ folder: String) {
    self.folder = folder
  }

  public var database: String { path(Self.databaseName) }
  public var log: String { path(Self.logName) }
  /// The newest acknowledged generation, recorded independently of the database.
  public var head: String { path(Self.headName) }
  /// Where newer generations are, if they were stored in another folder.
  public var elsewhere: String { path(Self.elsewhereName) }
  /// The number of consecutive starts that ended before the program was proven healthy.
  public var starts: String { path(Self.startsName) }
  /// The recorded loss that was not yet acknowledged.
  public var loss: String { path(Self.lossName) }
  /// The file that is locked by the process that may write here.
  public var lock: String { path(Self.lockName) }
  /// The process ID and addresses of the running host.
  public var host: String { path(Self.hostName) }
  /// One folder for each incident; see `docs/recovery.md`.
  public var quarantine: String { path(Self.quarantineName) }
  /// ``quarantine``, and the alternatives if a file or a dangling link has that name: an incident must not prevent the
  /// store from opening.
  public var quarantines: [String] { [quarantine] + (2...9).map { "\(quarantine)-\($0)" } }

  /// The folder of one incident. It is laid out like a data folder.
  public func incident(_ name: String) -> DataFolderLayout { DataFolderLayout("\(quarantine)/\(name)") }

  /// The path of a file or folder that a program keeps here in addition to those above.
  public func path(_ name: String) -> String { "\(folder)/\(name)" }
}
