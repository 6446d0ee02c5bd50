import ControlIngress
import Dispatch
import Documents
import DurableFiles
import DurableSessions
import GenerationStore
import PersistenceMessages
import PersistencePipeline
import RecoveryWorkbench
import Studio
import StudioState

/// The stored generations for HTTP: reads with a read-only connection for each call, sets marks through the writer.
struct Archive: GenerationArchive {
  let dataFolder: String
  let writer: PersistenceWriter<SessionStore>
  /// Reads block on the disk and so run on a thread of their own. One at a time is enough for operators.
  private let queue = DispatchQueue(label: "archive")
  /// Long enough for a store in flight; a disk that hangs is not waited for.
  private static let markTimeout = Duration.seconds(5)

  init(dataFolder: String, writer: PersistenceWriter<SessionStore>) {
    self.dataFolder = dataFolder
    self.writer = writer
  }

  /// In the folder that is used now.
  private var databasePath: String { DataFolderLayout(writer.facts?.failover?.folder ?? dataFolder).database }

  func list() async throws(ArchiveRejection) -> JSONValue {
    try await reading { reader throws(ArchiveRejection) in
      try Self.found { () throws(GenerationLookupFailure) in try reader.kept().json }
    }
  }

  func show(_ reference: String) async throws(ArchiveRejection) -> JSONValue {
    try await reading { reader throws(ArchiveRejection) in
      try Self.found { () throws(GenerationLookupFailure) in try reader.load(reference).json }
    }
  }

  func diff(from: String, to: String) async throws(ArchiveRejection) -> JSONValue {
    try await reading { reader throws(ArchiveRejection) in
      try Self.found { () throws(GenerationLookupFailure) in
        GenerationDifference(from: try reader.load(from), to: try reader.load(to)).json
      }
    }
  }

  func state(of reference: String) async throws(ArchiveRejection) -> ArchivedState {
    try await reading { reader throws(ArchiveRejection) in
      let loaded = try Self.found { () throws(GenerationLookupFailure) in try reader.load(reference) }
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
    try await reading { reader throws(ArchiveRejection) in
      try Self.found { () throws(GenerationLookupFailure) in try reader.resolve(reference) }
    }
  }

  /// Runs `work` on the writer's thread, after a store in flight, unless the request's deadline has passed by then.
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

  private static func found<Value>(
    _ question: () throws(GenerationLookupFailure) -> Value
  ) throws(ArchiveRejection) -> Value {
    do { return try question() } catch { throw ArchiveRejection(error) }
  }
}

extension ArchiveRejection {
  fileprivate init(_ failure: GenerationLookupFailure) {
    switch failure {
    case .unknown(let name, _):
      self.init(.notFound, "There is no generation \(name). GET /api/v1/generations lists those that are kept.")
    case .unreadable(let failure):
      let code: Code =
        switch failure.code {
        case .unknown: .notFound
        case .damaged: .damaged
        case .failed: .failed
        }
      self.init(code, failure.description)
    case .store(let failure): self.init(failure)
    }
  }

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
