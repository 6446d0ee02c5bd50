import ControlIngress
package import Documents
package import Foundation
package import HostClient

/// How a host is started: on which data folder, with which flags, under what.
package struct HostLaunch: Sendable {
  package var dataFolder: String
  package var arguments: [String]
  /// Words in front of the host's: programs that end by becoming the host (`nsenter`, `setpriv`, `bash -c … exec`), so
  /// that the process started is the host.
  package var prefix: [String]
  /// Added to the environment of the test.
  package var environment: [String: String]

  package init(
    dataFolder: String, _ arguments: [String] = [], prefix: [String] = [], environment: [String: String] = [:]
  ) {
    self.dataFolder = dataFolder
    self.arguments = arguments
    self.prefix = prefix
    self.environment = environment
  }
}

/// A real host process, with its journal. It is killed when nobody holds it any more, so that a test that fails leaves
/// none behind.
package final class HostProcess: Sendable {
  package let process: Process
  package let launch: HostLaunch
  private let journal = JournalReader()
  private let messages = TextReader()

  /// Where the built programs are: beside the test program, or in AFTERIMAGE_BIN.
  package static var binaries: String {
    if let folder = ProcessInfo.processInfo.environment["AFTERIMAGE_BIN"] { return folder }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (program as NSString).deletingLastPathComponent
  }

  /// Starts the host; `client()` waits until it is on air.
  package init(_ launch: HostLaunch) throws {
    self.launch = launch
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let addresses = ["--osc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--log-format", "json"]
    process.arguments =
      launch.prefix + ["\(Self.binaries)/afterimage-host", "--data-dir", launch.dataFolder] + addresses
      + launch.arguments
    process.environment = ProcessInfo.processInfo.environment.merging(launch.environment) { $1 }
    process.standardOutput = journal.pipe
    process.standardError = messages.pipe
    process.standardInput = FileHandle.nullDevice
    try process.runUnblocked()
    journal.start()
    messages.start()
  }

  package convenience init(dataFolder: String, _ arguments: [String] = []) throws {
    try self.init(HostLaunch(dataFolder: dataFolder, arguments))
  }

  deinit {
    // A stopped process gets the signal all the same.
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
  }

  package var pid: Int32 { process.processIdentifier }

  /// The lines of the journal so far, in order.
  package var lines: [JSONValue] { journal.lines }

  package func lines(_ event: String) -> [JSONValue] {
    lines.filter { $0["event"]?.stringValue == event }
  }

  /// The first line of this event, waiting for it at most ten seconds.
  package func first(_ event: String) async throws -> JSONValue {
    for _ in 0..<2000 {
      if let line = lines(event).first { return line }
      // Nothing more will come from a host that has ended.
      if journal.isComplete, lines(event).isEmpty { break }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw MissingLineFailure(event: event, journal: lines.map { CanonicalJSON.text($0) }, messages: messages.text)
  }

  package struct MissingLineFailure: Error {
    package var event: String
    package var journal: [String]
    package var messages: String
  }

  package func client() async throws -> HostClient {
    let address = try await address("http")
    return HostClient(host: address.host, port: address.port)
  }

  package func oscPort() async throws -> UInt16 {
    UInt16(try await address("osc").port)
  }

  private func address(_ name: String) async throws -> ListenAddress {
    try ListenAddress(try await first("host.started")[name]?.stringValue ?? "")
  }

  package func kill(_ signal: Int32) {
    Foundation.kill(process.processIdentifier, signal)
  }

  /// Whether it has ended, but for threads that a debugger holds.
  package func isZombie() throws -> Bool {
    guard process.isRunning else { return true }
    return try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8).contains("State:\tZ")
  }

  /// Waits for the end; the exit code, or minus the signal that killed it.
  @discardableResult
  package func wait() async -> Int32 {
    while process.isRunning { try? await Task.sleep(for: .milliseconds(2)) }
    // The journal ends with the pipe.
    for _ in 0..<1000 where !(journal.isComplete && messages.isComplete) {
      try? await Task.sleep(for: .milliseconds(2))
    }
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  /// What the host has said on stderr; all of it once it has ended.
  package var spoken: String { messages.text }
}
