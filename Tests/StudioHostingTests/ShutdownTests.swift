import Concurrency
import Dispatch
import Documents
import DurableSessions
import HostClient
import PersistenceMessages
import PersistencePipeline
import RecoveryWorkbench
import Studio
import StudioState
import Synchronization
import TestVFS
import Testing

@testable import StudioHosting

@Test func theFirstPartToStopIsIngressAndTheLastIsHTTP() {
  #expect(HostPart.allCases.reversed() == [.ingress, .settling, .proving, .writer, .http])
}

@Test(.timeLimit(.minutes(1))) func aShutdownStoresWhatIsPending() async throws {
  let fixture = HostFixture()
  let exit = try await fixture.run { air in
    _ = await fixture.lines.first("persistence.stored")
    try air.setOpacity(0.25)
    #expect(air.host.writer.status().hasUnsaved)
  }
  #expect(exit == .fine)
  // The request before its store, and the end after both.
  #expect(fixture.lines.events.suffix(3) == ["persistence.requested", "persistence.stored", "host.stopped"])
  let stopped = try #require(fixture.lines["host.stopped"])
  #expect(stopped["flush"] == "stored")
  #expect(stopped["unsaved"] == 0)
  #expect(stopped["generation"] == 2)

  let next = HostFixture(on: fixture)
  try await next.run { air in #expect(air.opacity() == 0.25) }
  #expect(next.lines["host.started"]?["generation"] == 2)
}

@Test(.timeLimit(.minutes(1))) func aShutdownOnADiskThatHangsEndsWithinItsBudgetAndExitsWith74() async throws {
  let fixture = HostFixture()
  let disk = HangingDisk()
  defer { disk.letGo() }
  var settings = fixture.settings
  settings.studio.session.vfs = disk.vfs.name
  settings.shutdownBudget = .milliseconds(300)
  let clock = ContinuousClock()
  var ended = clock.now
  let exit = try await fixture.run(settings) { air in
    _ = await fixture.lines.first("persistence.stored")
    disk.hang()
    try air.setOpacity(0.25)
    ended = clock.now
  }
  // The writer may take 0.25 s more than its budget, the release of the folder 0.2 s, an HTTP connection's grace 0.5 s.
  // The bound tells that from a disk that hangs for good; a loaded machine needs the rest.
  #expect(clock.now - ended < .seconds(20))
  #expect(exit == .io)
  let stopped = try #require(fixture.lines["host.stopped"])
  #expect(stopped["flush"] == "timed-out")
  #expect(stopped["unsaved"] == 1)
}

@Test(.timeLimit(.minutes(1))) func whileTheFlushRunsHTTPAnswersAndRefusesMutations() async throws {
  let fixture = HostFixture()
  let disk = HangingDisk()
  defer { disk.letGo() }
  var settings = fixture.settings
  settings.studio.session.vfs = disk.vfs.name
  settings.shutdownBudget = .seconds(20)
  let exit = try await fixture.run(settings) { air in
    _ = await fixture.lines.first("persistence.stored")
    disk.hang()
    try air.setOpacity(0.25)
    air.end()
    // Accepted until the ingress service is asked to stop, which is a moment after this.
    var answer = try await air.send("PUT", "layers/plasma/opacity", #"{"value":0.5}"#)
    for _ in 0..<1000 where answer.status == 202 {
      answer = try await air.send("PUT", "layers/plasma/opacity", #"{"value":0.5}"#)
    }
    #expect(answer.status == 503)
    #expect(answer.json["error"]?["code"] == "stopped")
    #expect(try await air.get("health").json["persistence"]?["unsavedChanges"] == true)
    #expect(fixture.lines["host.stopped"] == nil)
    disk.letGo()
  }
  #expect(exit == .fine)
  #expect(fixture.lines["host.stopped"]?["flush"] == "stored")
}

@Test(.timeLimit(.minutes(1))) func anOpenEventStreamGetsTheLastStoreAndDoesNotHoldTheShutdown() async throws {
  let fixture = HostFixture()
  let text = Mutex("")
  let exit = try await fixture.run { air in
    _ = await fixture.lines.first("persistence.stored")
    let stream = try EventStreamReader(port: air.client.port)
    #expect(await stream.read(until: "events from here on"))
    try air.setOpacity(0.25)
    air.end()
    _ = await stream.read(until: nil)
    text.withLock { $0 = stream.text }
  }
  #expect(exit == .fine)
  #expect(text.withLock { $0 }.contains("event: persistence.stored"))
}

/// A disk that answers until it is told to hang: SQLite's writes and syncs wait then.
final class HangingDisk: Sendable {
  let vfs: ObservedVFS
  private let gate: Gate

  /// SQLite may use a VFS for as long as a connection is open, and a writer that was left behind closes its own late.
  private static let kept = Mutex<[ObservedVFS]>([])

  init() {
    let gate = Gate()
    self.gate = gate
    vfs = ObservedVFS { call in
      if call.kind == .write || call.kind == .sync { gate.pass() }
      return nil
    }
    Self.kept.withLock { [vfs] in $0.append(vfs) }
  }

  func hang() { gate.close() }
  func letGo() { gate.open() }

  private final class Gate: Sendable {
    private let isClosed = Atomic<Bool>(false)
    private let turnstile = DispatchSemaphore(value: 0)

    func close() { isClosed.store(true, ordering: .sequentiallyConsistent) }

    func open() {
      guard isClosed.exchange(false, ordering: .sequentiallyConsistent) else { return }
      turnstile.signal()
    }

    /// One thread writes, so one signal lets everything go.
    func pass() {
      guard isClosed.load(ordering: .sequentiallyConsistent) else { return }
      turnstile.wait()
    }
  }
}
