import ControlIngress
import Documents
import HealthReporting
import Logging
import PersistenceMessages
import ServiceLifecycle
import StudioState
import Synchronization
import Testing

/// The HTTP server on a free port, with everything behind it in memory.
struct HTTPFixture: Sendable {
  let studio: ControlFixture
  let persistence = ManualPersistence()
  var archive: ManualArchive
  let isHealthy = Flag(true)
  let hasPicture = Flag(true)
  /// States that a picture was rendered of.
  let pictures = Recorder<StudioState>()
  var limits = HTTPLimits()
  var persistenceEvents: @Sendable () -> (any EventFeed)? = { nil }

  init() throws {
    studio = try ControlFixture()
    archive = ManualArchive(state: try ControlFixture.state())
  }

  /// Runs `body` against the running server, then shuts it down gracefully and waits for its end.
  func serve(_ body: (HTTPClient) async throws -> Void) async throws {
    let (ports, port) = AsyncStream<Int>.makeStream()
    let group = group(ListenAddress(host: "127.0.0.1", port: 0)) { port.yield($0.port) }
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { port.finish() }
        try await group.run()
      }
      for await port in ports {
        do {
          try await body(HTTPClient(port: port))
        } catch {
          await group.triggerGracefulShutdown()
          throw error
        }
        break
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  func group(_ address: ListenAddress, onBound: @escaping @Sendable (ListenAddress) -> Void) -> ServiceGroup {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = HTTPServer(address: address, seams: seams, limits: limits, logger: logger) { onBound($0) }
    return ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
  }

  private var seams: HTTPSeams {
    HTTPSeams(
      coordinator: studio.coordinator, events: studio.events, clock: studio.clock, persistence: persistence,
      archive: archive, presets: studio.shelf,
      health: { [isHealthy, persistence] in
        HealthTelemetry(version: "0", startedAtUnixMs: 0, policy: HealthPolicy(maxDelay: .seconds(2)))
          .report(persistence: isHealthy.isOn ? persistence.status() : nil)
      },
      preview: { [hasPicture] in hasPicture.isOn ? [0x89, 0x50, 0x4E, 0x47] : nil },
      packages: { ["packages": [], "rejected": []] }, openPersistenceEvents: persistenceEvents,
      picture: { [pictures] state in
        pictures.append(state)
        return [0x89, 0x50]
      })
  }
}

final class Flag: Sendable {
  private let value: Atomic<Bool>
  init(_ isOn: Bool) { value = Atomic(isOn) }
  var isOn: Bool {
    get { value.load(ordering: .sequentiallyConsistent) }
    set { value.store(newValue, ordering: .sequentiallyConsistent) }
  }
}

/// A writer whose answers the test sets.
final class ManualPersistence: PersistenceControl {
  let wait = Mutex<StoreWait>(.stored(generation: 7))
  let flushed = Mutex<StoreWait>(.stored(generation: 6))
  /// Requested and stored: what is unsaved when a flush begins.
  let sequences = Mutex<(requested: UInt64, stored: UInt64)>((3, 2))
  let waits = Recorder<(sequence: UInt64, timeout: Duration)>()

  func waitUntilStored(_ sequence: UInt64, timeout: Duration) async -> StoreWait {
    waits.append((sequence, timeout))
    return wait.withLock { $0 }
  }

  func flush(timeout: Duration) async -> StoreWait {
    flushed.withLock { $0 }
  }

  func status() -> PersistenceStatus {
    let (requested, stored) = sequences.withLock { $0 }
    return PersistenceStatus(
      state: requested > stored ? .pending : .saved, requestedSequence: requested, storedSequence: stored,
      storedGeneration: nil, lastStoredAtUnixMs: nil, oldestUnsavedAge: nil, newerRequestPending: false,
      coalescedRequests: 0, lastFailure: nil, nextRetryIn: nil)
  }
}

/// An archive with the generations 5 (whole) and 4 (damaged), 6 being the current one.
struct ManualArchive: GenerationArchive {
  let state: StudioState
  /// Happens while a request waits for the archive.
  var beforeReading: @Sendable () -> Void = {}

  func list() -> JSONValue { ["generations": [["id": 6], ["id": 5]]] }

  func show(_ reference: String) throws(ArchiveRejection) -> JSONValue {
    ["generation": ["id": .int(try number(reference))], "state": state.json(sequence: 1)]
  }

  func diff(from: String, to: String) throws(ArchiveRejection) -> JSONValue {
    ["from": .int(try number(from)), "to": .int(try number(to)), "changes": []]
  }

  func state(of reference: String) throws(ArchiveRejection) -> ArchivedState {
    beforeReading()
    let number = try number(reference)
    guard number != 4 else { throw .init(.damaged, "generation 4 is damaged; verify names the document") }
    return ArchivedState(generation: number, state: state)
  }

  func importedState(_ content: [UInt8], installed: PackageCatalog) throws(ArchiveRejection) -> StudioState {
    guard content.first == UInt8(ascii: "{") else { throw .init(.badContent, "an object is expected") }
    return state
  }

  func currentGeneration() -> Int64? { 6 }

  func changes(from: StudioState, to: StudioState) -> JSONValue {
    from == to ? [] : [["path": "layers"]]
  }

  func pin(_ reference: String, label: String, isTooLate: () -> Bool) throws(ArchiveRejection) -> Int64 {
    beforeReading()
    guard !isTooLate() else { throw .init(.tooLate, "the deadline has passed") }
    guard label != "taken" else { throw .init(.duplicate, "the label is generation 5's") }
    return try number(reference)
  }

  func unpin(_ reference: String, isTooLate: () -> Bool) throws(ArchiveRejection) -> Int64 { try number(reference) }

  private func number(_ reference: String) throws(ArchiveRejection) -> Int64 {
    guard let number = Int64(reference), (4...6).contains(number) else {
      throw .init(.notFound, "there is no generation \(reference)")
    }
    return number
  }
}
