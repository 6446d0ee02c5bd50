import DurableFiles
import GenerationStore
import PersistenceMessages
import StudioState
import Synchronization

/// Reads every whole generation out of a damaged database and stores it again in a new data folder. The source is read
/// without a trace: no log and no shared memory appear beside it, and nothing is ever written into it.
public struct Salvaging: Sendable {
  /// The damaged `state.db`; its log is read too when it lies beside it.
  public let source: String
  /// The data folder to be made; it must not exist.
  public let folder: String

  /// Larger than the store's own bound several times.
  private static let maximumBytes = 4 << 30

  public init(source: String, folder: String) {
    self.source = source
    self.folder = folder
  }

  public func run() throws(ToolFailure) -> Answer {
    guard FileFacts(source) != nil else { throw ToolFailure(.noInput, "There is no database at \(source).") }
    try refuseExisting(folder)
    try explained { try DataFolder.createFolder(folder) }
    // A host that is started on the new folder too early has to wait.
    let lock: FolderLock = try explained { try FolderLock(folder: folder, program: Workbench.program) }
    defer { lock.release() }
    do throws(ToolFailure) {
      return answer(try copyWhole())
    } catch {
      guard error.exit == .corruptInput else { throw error }
      return answer(try rebuildCopy())
    }
  }

  private struct Outcome {
    /// New numbers by the old ones; the same unless the source had two numbers that can't be kept.
    var saved: [(old: Int64, new: Int64)] = []
    var lost: [(generation: Int64, reason: String)] = []
    var notes: [String] = []
  }

  /// The way for damaged pages and documents as long as the list of generations can be read.
  private func copyWhole() throws(ToolFailure) -> Outcome {
    try explained {
      let reader = try GenerationReader.open(databasePath: source, leavingNoTrace: true)
      defer { reader.close() }
      let target = SalvageTarget(folder: folder)
      defer { target.close() }
      var outcome = Outcome()
      for summary in try reader.list().reversed() {
        do {
          let loaded = try reader.load(summary.generation)
          outcome.saved.append((summary.generation, try target.append(loaded)))
        } catch let error as GenerationUnreadable {
          outcome.lost.append((summary.generation, error.description))
        }
      }
      return outcome
    }
  }

  /// The way for a list that is damaged itself: the store rebuilds a copy of the files, and what it can't read stays in
  /// the new folder's quarantine.
  private func rebuildCopy() throws(ToolFailure) -> Outcome {
    try explained {
      try discardBeginning()
      for ending in ["", "-wal"] {
        guard let bytes = try DurableFile.read(source + ending, limit: Self.maximumBytes) else { continue }
        try DurableFile.replace("\(folder)/state.db\(ending)", with: bytes)
      }
      let opened = GenerationStore.openOrQuarantine(StoreOptions(folder: folder))
      try? opened.store.close()
      if let failure = opened.failure { throw failure }
      var outcome = Outcome(notes: opened.reports)
      let reader = try GenerationReader.open(databasePath: "\(folder)/state.db")
      defer { reader.close() }
      for summary in try reader.list().reversed() {
        let damaged = try reader.verify(summary.generation)
        if damaged.isEmpty { outcome.saved.append((summary.generation, summary.generation)) }
        if let first = damaged.first { outcome.lost.append((summary.generation, first.description)) }
      }
      return outcome
    }
  }

  /// What the first way made, in a folder that is ours alone, before it met the damage.
  private func discardBeginning() throws {
    for name in ["state.db-shm", "state.db-wal", "state.db", "head.json"] {
      try DurableFile.remove("\(folder)/\(name)")
    }
  }

  private func answer(_ outcome: Outcome) -> Answer {
    let saved = outcome.saved.map { pair -> JSONValue in ["generation": .int(pair.old), "stored": .int(pair.new)] }
    let lost = outcome.lost.map { pair -> JSONValue in
      ["generation": .int(pair.generation), "problem": .string(pair.reason)]
    }
    let isWhole = outcome.lost.isEmpty && outcome.notes.isEmpty && !outcome.saved.isEmpty
    return Answer(
      [
        "folder": .string(folder), "saved": .array(saved), "lost": .array(lost),
        "notes": .array(outcome.notes.map { .string($0) }),
      ],
      lines: ["\(outcome.saved.count) generations were saved into \(folder), \(outcome.lost.count) are lost"]
        + outcome.lost.map { TextTable.printable("lost: \($0.reason)") }
        + outcome.notes.map { TextTable.printable("note: \($0)") },
      notices: outcome.saved.isEmpty
        ? [] : ["Look at them with: afterimage list --data-dir \(folder). Then start the host on that folder."],
      exit: isWhole ? .fine : .found)
  }
}

/// The fresh database. Generations come in ascending order and keep numbers, sequences, times, words and marks.
private final class SalvageTarget {
  private let folder: String
  private let time: SalvagedTime
  private var store: GenerationStore?
  private var nextNumber: Int64 = 1

  init(folder: String) {
    self.folder = folder
    time = SalvagedTime()
  }

  /// - Returns: the number under which it was stored.
  func append(_ loaded: LoadedGeneration) throws -> Int64 {
    let summary = loaded.summary
    let store = try store(for: summary.generation)
    time.set(summary.storedAtUnixMs)
    let request = PersistenceRequest(
      target: .runtimeState, reason: summary.reason, actor: summary.actor,
      origin: GenerationOrigin(rawValue: summary.origin) ?? .recovery,
      sequence: max(summary.sequence, store.highWaterMark.sequence + 1))
    let snapshot = PersistenceSnapshot(state: loaded.state, request: request, requestCount: 1)
    let stored = try store.store(snapshot, requests: UInt64(clamping: summary.requests)).generation
    nextNumber = stored + 1
    if summary.isProven { try store.markProven(stored) }
    if summary.isSuspect { try store.markSuspect(stored) }
    if let pin = summary.pin { try store.pin(stored, label: pin) }
    return stored
  }

  func close() {
    try? store?.close()
    store = nil
  }

  /// Where numbers are missing the store is opened anew with a high-water mark just below the next one, so that people
  /// find their generations under the numbers that they noted.
  private func store(for number: Int64) throws -> GenerationStore {
    if let store, number <= nextNumber { return store }
    let sequence = store?.highWaterMark.sequence ?? 0
    close()
    let mark: JSONValue = [
      "generation": .int(number - 1), "sequence": .int(Int64(clamping: sequence)), "storedAtUnixMs": 0,
    ]
    try DurableFile.replace("\(folder)/head.json", with: CanonicalJSON.encode(mark))
    let time = time
    var options = StoreOptions(folder: folder, wallClock: { time.now })
    // All of them: what may go is for the host to decide.
    options.retention = RetentionPolicy(newest: 100_000, hourly: 0, daily: 0)
    options.pinLimit = 100_000
    options.byteBound = 1 << 40
    let opened = try GenerationStore.open(options)
    store = opened
    return opened
  }
}

/// The clock of a store that repeats the past.
private final class SalvagedTime: Sendable {
  private let milliseconds = Mutex<Int64>(0)
  var now: Int64 { milliseconds.withLock { $0 } }
  func set(_ time: Int64) { milliseconds.withLock { $0 = time } }
}
