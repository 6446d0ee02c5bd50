import Concurrency
import DurableFiles
import GenerationStore
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState

// The doctor's effects: gathers the facts, and leaves no trace while doing so.
extension Workbench {
  /// Looks at everything that has ever been in the way of a show, and advises. Writes nothing, also not beside the
  /// database, and takes no lock.
  ///
  /// - Parameter fallback: the host's second folder, if it has one.
  public func doctor(fallback: String? = nil) async throws(ToolFailure) -> Answer {
    var facts = DoctorFacts(folder: folder, files: try FolderFacts(folder))
    facts.fileSystem = FileSystemFacts(of: folder)
    facts.sqlite = .running
    facts.host = HostFile(folder: folder)
    facts.locks = lookAtLocks()
    facts.mark = HighWaterMark(folder: folder)
    facts.starts = StartCount(folder: folder).read()
    facts.boot = BootID.current
    facts.loss = LossFile(folder: folder).read()
    facts.incidents = facts.files.quarantined.map { incident($0) }
    for index in facts.incidents.indices.suffix(Self.incidentsRead) where facts.incidents[index].mayHoldOurs {
      facts.incidents[index].generations = generations(in: facts.incidents[index])
    }
    facts.leftovers =
      DurableFile.leftovers(in: folder)
      + DurableFile.leftovers(in: DataFolderLayout(folder).presets).map { "\(DataFolderLayout.presetsName)/\($0)" }
    facts.presetBytes = Self.bytes(in: DataFolderLayout(folder).presets, depth: 1)
    facts.database = lookIntoDatabase()
    facts.health = await askHost(facts)
    facts.fallback = fallback.map { Self.lookAt(fallback: $0) }
    return Diagnosis(facts).answer
  }

  private func lookAtLocks() -> DoctorFacts.Locks {
    var locks = DoctorFacts.Locks()
    locks.areTold = LockHolder.areTold
    let lockFile = DataFolderLayout(folder).lock
    locks.folder = LockHolder.flockHolders(of: lockFile)
    if let bytes = (try? DurableFile.read(lockFile, limit: 4096)) ?? nil {
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      if let pid = lines.first { locks.written = "\(lines.count > 1 ? lines[1] : "a program") (PID \(pid))" }
    }
    locks.opened = LockHolder.holders(of: .opened, databasePath: databasePath)
    locks.writers = LockHolder.holders(of: .writer, databasePath: databasePath)
    locks.checkpointers = LockHolder.holders(of: .checkpointer, databasePath: databasePath)
    locks.readers = LockHolder.holders(of: .reader, databasePath: databasePath)
    return locks
  }

  /// A database that nobody has open is read without SQLite's files beside it; one that is open has them already.
  private func lookIntoDatabase() -> DoctorFacts.Database {
    guard FileFacts(databasePath) != nil else { return .none }
    let wasOpen = isOpen
    let first = read(leavingNoTrace: !wasOpen)
    // Somebody began to write meanwhile, which a reader that passes over the locks may take for damage.
    return !wasOpen && isOpen ? read(leavingNoTrace: false) : first
  }

  private var isOpen: Bool {
    !LockHolder.holders(of: .opened, databasePath: databasePath).isEmpty
  }

  private func read(leavingNoTrace: Bool) -> DoctorFacts.Database {
    do {
      let reader = try GenerationReader.open(.studio, databasePath: databasePath, leavingNoTrace: leavingNoTrace)
      defer { reader.close() }
      return .read(
        DoctorFacts.Content(
          facts: try reader.facts(), generations: (try? reader.list()) ?? [],
          runs: (try? reader.runs(limit: 100)) ?? [],
          storedBytes: (try? reader.ringStatus().bytes) ?? 0, verification: try Verification(ofAll: reader),
          access: reader.access))
    } catch {
      return .unreadable(
        error as? StoreFailure ?? StoreFailure(.io, "\(error)", remedy: "Repeat the command."))
    }
  }

  private func askHost(_ facts: DoctorFacts) async -> DoctorFacts.Health {
    guard let host = facts.host, facts.isHostRunning else { return .none }
    guard let client = host.client else { return .silent("host.json names no address that can be asked: \(host.http)") }
    do throws(ToolFailure) {
      return .answered(try await RunningHost(client: client).ask("GET", "health", timeout: .seconds(5)).json)
    } catch {
      return .silent(error.message)
    }
  }

  /// Newest incidents whose databases are read; each may be as large as the show's own.
  private static let incidentsRead = 8

  /// As the host's start would find them: what SQLite reads, or else what lies in the pages.
  private func generations(in incident: DoctorFacts.Incident) -> [Int64] {
    let path = DataFolderLayout(folder).incident(incident.name).database
    if let reader = try? GenerationReader.open(.studio, databasePath: path, leavingNoTrace: true) {
      defer { reader.close() }
      if let list = try? reader.list(), !list.isEmpty { return list.map(\.generation).sorted() }
    }
    let deadline = SalvageDeadline(within: .seconds(2), now: { MonotonicClock.now() })
    return (try? DatabaseSalvage(.studio, database: path, deadline))?.wholeGenerations ?? []
  }

  private func incident(_ name: String) -> DoctorFacts.Incident {
    let path = DataFolderLayout(folder).incident(name).folder
    return DoctorFacts.Incident(
      name: name, bytes: Self.bytes(in: path, depth: 2),
      hasDatabase: FileFacts(DataFolderLayout(path).database) != nil || FileFacts(DataFolderLayout(path).log) != nil,
      hasRebuilt: FileFacts("\(path)/rebuilt.db") != nil)
  }

  private static func bytes(in folder: String, depth: Int) -> Int64 {
    ((try? FolderListing.entries(of: folder)) ?? []).reduce(0) { sum, entry in
      if entry.isRegularFile { return sum + entry.bytes }
      return depth > 1 ? sum + bytes(in: "\(folder)/\(entry.name)", depth: depth - 1) : sum
    }
  }

  private static func lookAt(fallback folder: String) -> DoctorFacts.Fallback {
    var facts = DoctorFacts.Fallback(
      folder: folder, exists: FileFacts(folder) != nil, fileSystem: FileSystemFacts(of: folder))
    let path = DataFolderLayout(folder).database
    guard FileFacts(path) != nil else { return facts }
    do {
      let isOpen = !LockHolder.holders(of: .opened, databasePath: path).isEmpty
      let reader = try GenerationReader.open(.studio, databasePath: path, leavingNoTrace: !isOpen)
      defer { reader.close() }
      facts.newest = try reader.head()?.generation
    } catch {
      facts.problem = "\(error)"
    }
    return facts
  }
}

extension DoctorFacts {
  /// The lock tells; where the system does not tell who holds it, the process that wrote host.json has to live.
  var isHostRunning: Bool {
    guard let host else { return false }
    return locks.areTold ? locks.folder.contains { $0.pid == host.pid } : host.isAlive
  }

  /// The program that holds the folder and is not a host: one with a state of its own. Nil where the system does not tell.
  var program: LockHolder? { isHostRunning ? nil : locks.folder.first { !$0.isTool } }

  /// Whether the newest run may go on.
  var isInUse: Bool { isHostRunning || program != nil }
}

extension LockHolder {
  /// Whether it is this tool, which holds a folder only while it changes something.
  var isTool: Bool { program == "afterimage" }

  /// The program that holds the data folder; nil when none does, and where the system does not tell.
  static func program(holding folder: String) -> LockHolder? {
    flockHolders(of: "\(folder)/\(DataFolderLayout.lockName)").first { !$0.isTool }
  }
}
