import ControlIngress
import Foundation
import HostClient
import StudioState
import Synchronization
import Testing

/// A real host process on a data folder of the test, with its journal.
final class HostProcess: Sendable {
  let process: Process
  let dataFolder: String
  private let journal = Mutex<[JSONValue]>([])
  private let pipe = Pipe()
  private let errors = Pipe()

  /// Where the built programs are: beside the test program, or in AFTERIMAGE_BIN.
  static var binaries: String {
    if let folder = ProcessInfo.processInfo.environment["AFTERIMAGE_BIN"] { return folder }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (program as NSString).deletingLastPathComponent
  }

  /// Starts the host; `address` tells when it is on air.
  init(dataFolder: String, _ arguments: [String] = []) throws {
    self.dataFolder = dataFolder
    process = Process()
    process.executableURL = URL(fileURLWithPath: "\(Self.binaries)/afterimage-host")
    process.arguments =
      ["--data-dir", dataFolder, "--osc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--log-format", "json"] + arguments
    process.standardOutput = pipe
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let reader = Thread { self.readJournal() }
    reader.start()
  }

  /// The lines of the journal so far, in order.
  var lines: [JSONValue] { journal.withLock { $0 } }

  func lines(_ event: String) -> [JSONValue] {
    lines.filter { $0["event"]?.stringValue == event }
  }

  /// The first line of this event, waiting for it at most ten seconds.
  func first(_ event: String) async throws -> JSONValue {
    for _ in 0..<2000 {
      if let line = lines(event).first { return line }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw MissingLine(event: event, journal: lines.map { CanonicalJSON.text($0) }, errors: "")
  }

  struct MissingLine: Error {
    var event: String
    var journal: [String]
    var errors: String
  }

  func client() async throws -> HostClient {
    let address = try ListenAddress(try #require(try await first("host.started")["http"]?.stringValue))
    return HostClient(host: address.host, port: address.port)
  }

  func oscPort() async throws -> UInt16 {
    let address = try ListenAddress(try #require(try await first("host.started")["osc"]?.stringValue))
    return UInt16(address.port)
  }

  func kill(_ signal: Int32) {
    Foundation.kill(process.processIdentifier, signal)
  }

  /// Waits for the end; the exit code, or minus the signal that killed it.
  @discardableResult
  func wait() async -> Int32 {
    while process.isRunning { try? await Task.sleep(for: .milliseconds(2)) }
    // The journal ends with the pipe.
    for _ in 0..<1000 where !isJournalComplete.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(2)) }
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  /// What the host said on stderr; only after it has ended.
  func messages() -> String {
    String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  private let isJournalComplete = Mutex(false)

  private func readJournal() {
    var rest: [UInt8] = []
    let handle = pipe.fileHandleForReading
    while true {
      let data = handle.availableData
      if data.isEmpty { break }
      rest += data
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        if let line = try? JSONParser.parse(rest[..<end], limits: .init(bytes: 1 << 20)) {
          journal.withLock { $0.append(line) }
        }
        rest.removeSubrange(...end)
      }
    }
    isJournalComplete.withLock { $0 = true }
  }
}

/// A folder of its own for a test, removed at the end.
final class ScenarioFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "afterimage-scenario-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

extension HostClient {
  /// The parsed answer of a request.
  func json(
    _ method: String, _ path: String, _ body: String? = nil
  ) async throws -> (status: Int, json: JSONValue) {
    let answer = try await request(method, "/api/v1" + path, body: body.map { Array($0.utf8) }, timeout: .seconds(10))
    return (answer.status, try JSONParser.parse(answer.body, limits: .init(bytes: 1 << 20)))
  }

  /// A parameter of a layer in one of the views of the state.
  func parameter(_ layer: String, _ name: String, view: String = "durable") async throws -> JSONValue? {
    let state = try await json("GET", "/state?view=\(view)").json
    return state["layers"]?.arrayValue?.first { $0["id"]?.stringValue == layer }?["parameters"]?[name]
  }
}

/// Sends OSC packets to a port of this machine.
enum OSCSender {
  static func send(_ messages: [(String, [OSCArgument])], to port: UInt16) {
    let elements = messages.map { OSCPacket.message(OSCMessage($0.0, $0.1)) }
    let packet = OSCPacket.bundle(OSCBundle(elements))
    let bytes = OSCEncoder.encode(packet)
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bytes.withUnsafeBytes {
          sendto(descriptor, $0.baseAddress, $0.count, 0, address, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }
}
