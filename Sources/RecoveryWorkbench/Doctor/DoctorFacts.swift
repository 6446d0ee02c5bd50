import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import SQLiteConnection
import StudioState

/// Everything that ``Diagnosis`` looks at, gathered beforehand (DoctorInspection.swift). Values only.
struct DoctorFacts {
  /// As it was named.
  var folder: String
  var files: FolderFacts
  /// Nil when the system does not tell.
  var fileSystem: FileSystemFacts?
  var sqlite: SQLiteVersion?
  var locks = Locks()
  var host: HostFile?
  var health = Health.none
  var database = Database.none
  var mark: HighWaterMark?
  /// See `StartCount`; nil when it holds nothing.
  var starts: StartTally?
  /// Of this machine, now; nil when it does not tell.
  var boot: String?
  /// Acknowledged ones too.
  var loss: LossRecord?
  var incidents: [Incident] = []
  /// Paths within the folder of what an interrupted replacement left.
  var leftovers: [String] = []
  var presetBytes: Int64 = 0
  var fallback: Fallback?

  struct Locks {
    /// False where the system does not tell who holds a lock: then nothing below says anything.
    var areTold = true
    /// Of host.lock: who holds the flock now.
    var folder: [LockHolder] = []
    /// What host.lock says in its text; it stays when its writer ends.
    var written: String?
    /// Of the database.
    var opened: [LockHolder] = []
    var writers: [LockHolder] = []
    var checkpointers: [LockHolder] = []
    var readers: [LockHolder] = []
  }

  enum Health {
    /// No host runs.
    case none
    case answered(JSONValue)
    /// It runs and does not answer: why.
    case silent(String)
  }

  enum Database {
    /// There is no file.
    case none
    case unreadable(StoreFailure)
    case read(Content)
  }

  struct Content {
    var facts: DatabaseFacts
    /// Newest first.
    var generations: [GenerationSummary] = []
    /// Newest first.
    var runs: [HostRun] = []
    /// Bytes of the documents and manifests that are kept.
    var storedBytes: Int64 = 0
    var verification: Verification
    var access: GenerationReader.Access
  }

  /// One folder of `quarantine/`.
  struct Incident {
    var name: String
    var bytes: Int64
    var hasDatabase: Bool
    /// A replacement that stopped before its last step: the next start of the host finishes it.
    var hasRebuilt: Bool
    /// That are whole in its database, ascending; empty when it was not read.
    var generations: [Int64] = []

    /// What follows the time in its name.
    var reason: String {
      name.firstIndex(of: "-").map { String(name[name.index(after: $0)...]) } ?? name
    }
  }

  /// The second folder, as `--fallback-dir` named it.
  struct Fallback {
    var folder: String
    var exists: Bool
    var fileSystem: FileSystemFacts?
    /// The newest generation in it; nil when there is none.
    var newest: Int64?
    /// Why its database can't be read; nil when it can, or there is none.
    var problem: String?
  }
}
