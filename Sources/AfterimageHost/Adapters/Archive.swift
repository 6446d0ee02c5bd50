import ControlIngress
import Dispatch
import Documents
import DurableSessions
import GenerationStore
import PersistenceMessages
import PersistencePipeline
import RecoveryWorkbench
import Studio
import StudioState

/// The stored generations as HTTP sees them: reads through a read-only connection a call, marks through the writer.
struct Archive: GenerationArchive {
  let dataFolder: String
  let writer: PersistenceWriter<SessionStore>
  /// Reads block on the disk, so they have a thread of their own; one at a time is enough for people.
  private let queue = DispatchQueue(label: "archive")
  /// A mark waits for a store in flight, not for a disk that hangs.
  private static let markTimeout = Duration.seconds(5)

  init(dataFolder: String, writer: PersistenceWriter<SessionStore>) {
    self.dataFolder = dataFolder
    self.writer = writer
  }

  /// In the folder that is used now.
  private var databasePath: String { "\(writer.facts?.failover?.folder ?? dataFolder)/state.db" }

  func list() async throws(ArchiveRejection) -> JSONValue {
    try await reading { reader throws(ArchiveRejection) in
      ["generations": .array(try Self.summaries(reader).map(\.json))]
    }
  }

  func show(_ reference: String) async throws(ArchiveRejection) -> JSONValue {
    try await reading { reader throws(ArchiveRejection) in
      let loaded = try Self.load(reference, reader)
      return ["generation": loaded.summary.json, "state": loaded.state.json(sequence: loaded.summary.sequence)]
    }
  }

  func diff(from: String, to: String) async throws(ArchiveRejection) -> JSONValue {
    try await reading { reader throws(ArchiveRejection) in
      let earlier = try Self.load(from, reader)
      let later = try Self.load(to, reader)
      let changes = StateDiff.changes(from: earlier.state, to: later.state)
      return [
        "from": .int(earlier.summary.generation), "to": .int(later.summary.generation),
        "changes": .array(changes.map(\.json)),
      ]
    }
  }

  func state(of reference: String) async throws(ArchiveRejection) -> ArchivedState {
    try await reading { reader throws(ArchiveRejection) in
      let loaded = try Self.load(reference, reader)
      return ArchivedState(
        generation: loaded.summary.generation, state: loaded.state, sequence: loaded.summary.sequence)
    }
  }

  func importedState(_ content: [UInt8], installed: PackageCatalog) throws(ArchiveRejection) -> StudioState {
    do {
      return try ExportFormat.read(content, installed: installed)
    } catch {
      throw ArchiveRejection(.badContent, "the exported state can't be imported: \(error)")
    }
  }

  func currentGeneration() async throws(ArchiveRejection) -> Int64? {
    writer.status().storedGeneration
  }

  func changes(from: StudioState, to: StudioState) -> JSONValue {
    .array(StateDiff.changes(from: from, to: to).map(\.json))
  }

  func pin(
    _ reference: String, label: String, isTooLate: @escaping @Sendable () -> Bool
  ) async throws(ArchiveRejection) -> Int64 {
    let generation = try await number(of: reference)
    try await marking(isTooLate) { store throws(MarkFailure) in try store.pin(generation, label: label) }
    return generation
  }

  func unpin(_ reference: String, isTooLate: @escaping @Sendable () -> Bool) async throws(ArchiveRejection) -> Int64 {
    let generation = try await number(of: reference)
    try await marking(isTooLate) { store throws(MarkFailure) in try store.unpin(generation) }
    return generation
  }

  private func number(of reference: String) async throws(ArchiveRejection) -> Int64 {
    try await reading { reader throws(ArchiveRejection) in try Self.resolve(reference, reader) }
  }

  /// Runs `work` on the writer's thread, where it may have waited for a store; asks first whether it is still wanted.
  private func marking(
    _ isTooLate: @escaping @Sendable () -> Bool,
    _ work: @escaping @Sendable (GenerationStore) throws(MarkFailure) -> Void
  ) async throws(ArchiveRejection) {
    let result: Result<Void, ArchiveRejection>
    do throws(MaintenanceFailure) {
      result = try await writer.maintain(timeout: Self.markTimeout) { store in
        guard !isTooLate() else { return .failure(ArchiveRejection(.tooLate, "The request's deadline has passed.")) }
        do throws(MarkFailure) {
          return .success(try work(store.generations))
        } catch {
          return .failure(ArchiveRejection(error))
        }
      }
    } catch {
      throw ArchiveRejection(.busy, "The writer is busy with a slow store or is ending; try again.")
    }
    try result.get()
  }

  private func reading<T: Sendable>(
    _ work: @escaping @Sendable (GenerationReader) throws(ArchiveRejection) -> T
  ) async throws(ArchiveRejection) -> T {
    let result: Result<T, ArchiveRejection> = await withCheckedContinuation { continuation in
      queue.async { [databasePath] in
        continuation.resume(returning: Self.read(databasePath, work))
      }
    }
    return try result.get()
  }

  private static func read<T>(
    _ path: String, _ work: (GenerationReader) throws(ArchiveRejection) -> T
  ) -> Result<T, ArchiveRejection> {
    do throws(StoreFailure) {
      let reader = try GenerationReader.open(.studio, databasePath: path, besideWriter: true)
      defer { reader.close() }
      do throws(ArchiveRejection) {
        return .success(try work(reader))
      } catch {
        return .failure(error)
      }
    } catch {
      return .failure(ArchiveRejection(error))
    }
  }

  private static func summaries(_ reader: GenerationReader) throws(ArchiveRejection) -> [GenerationSummary] {
    do {
      return try reader.list()
    } catch {
      throw ArchiveRejection(error)
    }
  }

  private static func resolve(_ reference: String, _ reader: GenerationReader) throws(ArchiveRejection) -> Int64 {
    let summaries = try summaries(reader)
    guard let number = GenerationSelector(reference)?.resolve(in: summaries) else {
      throw ArchiveRejection(
        .notFound, "There is no generation \(reference). GET /api/v1/generations lists those that are kept.")
    }
    return number
  }

  private static func load(_ reference: String, _ reader: GenerationReader) throws(ArchiveRejection) -> LoadedGeneration
  {
    let number = try resolve(reference, reader)
    do {
      return try reader.load(number)
    } catch {
      let code: ArchiveRejection.Code =
        switch error.code {
        case .unknown: .notFound
        case .damaged: .damaged
        case .failed: .failed
        }
      throw ArchiveRejection(code, error.description)
    }
  }
}

extension ArchiveRejection {
  fileprivate init(_ failure: StoreFailure) {
    let code: Code =
      switch failure.code {
      case .busy: .busy
      case .readOnly, .newerSchema: .readOnly
      case .cannotOpen: .notFound
      default: .failed
      }
    self.init(code, failure.description)
  }

  fileprivate init(_ failure: MarkFailure) {
    switch failure {
    case .unknownGeneration: self.init(.notFound, failure.description)
    case .badLabel: self.init(.badName, failure.description)
    case .labelTaken: self.init(.duplicate, failure.description)
    case .tooManyPins: self.init(.tooManyPins, failure.description)
    case .store(let cause): self.init(cause)
    }
  }
}
