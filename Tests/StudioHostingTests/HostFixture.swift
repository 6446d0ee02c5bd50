import Documents
import DurableSessions
import Foundation
import HostClient
import LiveRuntime
import RecoveryWorkbench
import ServiceLifecycleTestKit
import Studio
import StudioState
import Synchronization

@testable import StudioHosting

/// A data folder that is gone with the test, and hosts on it, in this process.
final class HostFixture: Sendable {
  let folder: String
  private let owner: HostFixture?
  let lines = JournalLines()

  init() {
    folder = FileManager.default.temporaryDirectory.appending(path: "host-\(UUID().uuidString)").path
    owner = nil
  }

  /// Another host on a folder that `other` removes.
  init(on other: HostFixture) {
    folder = other.folder
    owner = other
  }

  deinit {
    if owner == nil { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// Nothing is stored by itself: what is pending at the end is what the test has changed.
  var settings: HostSettings {
    var settings = HostSettings(StudioOptions(folder: folder), osc: .free, http: .free)
    settings.studio.isDemo = true
    settings.studio.session.debounce = .seconds(60)
    settings.studio.session.maxDelay = .seconds(60)
    return settings
  }

  /// Starts a host, waits until it listens, runs `body`, and shuts the host down as a signal does.
  ///
  /// - Returns: what the process would exit with.
  @discardableResult
  func run(
    _ settings: HostSettings? = nil, _ body: (OnAir) async throws -> Void = { _ in }
  ) async throws -> ExitCode {
    let journal = Journal(isJSON: true, output: lines.output)
    defer { journal.finish() }
    let host = try StudioHost.start(settings ?? self.settings, journal: journal)
    return try await testGracefulShutdown { trigger in
      async let exit = host.run()
      // A host that can't listen fails instead of starting.
      async let started = lines.first("host.started")
      let client = await HostClient(host: "127.0.0.1", port: started.port("http"))
      try await body(OnAir(host: host, client: client, end: { trigger.triggerGracefulShutdown() }))
      trigger.triggerGracefulShutdown()
      return try await exit
    }
  }

  /// Starts a host that is expected not to come on air.
  func failure(_ settings: HostSettings? = nil) async -> HostFailure? {
    let journal = Journal(isJSON: true, output: lines.output)
    defer { journal.finish() }
    do throws(HostFailure) {
      _ = try await StudioHost.start(settings ?? self.settings, journal: journal).run()
      return nil
    } catch {
      return error
    }
  }
}

/// A host that listens.
struct OnAir {
  let host: StudioHost
  let client: HostClient
  /// Shuts down as a signal does; returns at once.
  let end: @Sendable () -> Void

  func setOpacity(_ opacity: Double) throws {
    guard let plasma = LayerID("plasma") else { return }
    try host.coordinator.perform([.setOpacity(plasma, opacity)], actor: "test", now: .zero)
  }

  func opacity() -> Double? {
    host.show.layers.first { $0.id.rawValue == "plasma" }?.opacity
  }

  func get(_ path: String) async throws -> (status: Int, json: JSONValue) {
    try await send("GET", path)
  }

  func send(_ method: String, _ path: String, _ body: String? = nil) async throws -> (status: Int, json: JSONValue) {
    let answer = try await client.request(
      method, "/api/v1/\(path)", body: body.map { Array($0.utf8) }, timeout: .seconds(10))
    return (answer.status, try JSONParser.parse(answer.body, limits: .init(bytes: 1 << 20)))
  }
}

/// What a journal has written as JSON.
final class JournalLines: Sendable {
  private struct State {
    var lines: [JSONValue] = []
    var waiting: [(event: String, continuation: CheckedContinuation<JSONValue, Never>)] = []
  }

  private let state = Mutex(State())

  var all: [JSONValue] { state.withLock { $0.lines } }
  var events: [String] { all.compactMap { $0["event"]?.stringValue } }

  var output: JournalOutput {
    JournalOutput(write: { [self] in append($0) }, tell: { _ in }, isOneFile: false)
  }

  /// The first line of that event; waits for it.
  func first(_ event: String) async -> JSONValue {
    await withCheckedContinuation { continuation in
      let found = state.withLock { state in
        let found = state.lines.first { $0["event"]?.stringValue == event }
        if found == nil { state.waiting.append((event, continuation)) }
        return found
      }
      if let found { continuation.resume(returning: found) }
    }
  }

  /// The line, if it was written.
  subscript(event: String) -> JSONValue? { all.first { $0["event"]?.stringValue == event } }

  private func append(_ bytes: [UInt8]) {
    guard let line = try? JSONParser.parse(bytes, limits: .init(bytes: 1 << 20)) else { return }
    let ready = state.withLock { state in
      state.lines.append(line)
      let ready = state.waiting.filter { $0.event == line["event"]?.stringValue }
      state.waiting.removeAll { $0.event == line["event"]?.stringValue }
      return ready.map(\.continuation)
    }
    for continuation in ready { continuation.resume(returning: line) }
  }
}

extension JSONValue {
  func port(_ name: String) -> Int {
    self[name]?.stringValue?.split(separator: ":").last.flatMap { Int($0) } ?? 0
  }
}
