import Foundation
import HostHarness

/// Faults in the system calls of a host's persistence thread, for as long as this is held: strace, attached to that one
/// thread, so that all others run at their speed.
final class SystemCallFault {
  private let process: Process

  /// - Parameter faults: as strace's `inject`: `fdatasync:error=EIO`, `pwrite64:error=ENOSPC:when=3`.
  init(_ faults: [String], on host: HostProcess) async throws {
    let thread = try host.thread("persistence")
    let calls = faults.map { String($0.prefix { $0 != ":" }) }.joined(separator: ",")
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["strace", "-qq", "-o", "/dev/null", "-p", "\(thread)", "-e", "trace=\(calls)"]
      + faults.flatMap { ["-e", "inject=\($0)"] }
    process.standardInput = FileHandle.nullDevice
    try process.runUnblocked()
    try await eventually("strace at thread \(thread)") { Self.isTraced(thread) }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Takes the fault away.
  func end() async throws {
    process.terminate()
    try await eventually("the end of strace") { !process.isRunning }
  }

  /// In front of a host that is to have the faults on its database from its start on, in all threads. strace runs beside
  /// it, not above it, so that the process started is the host.
  static func prefix(_ faults: [String], on place: Place) -> [String] {
    let calls = faults.map { String($0.prefix { $0 != ":" }) }.joined(separator: ",")
    let files = ["", "-wal", "-shm"].flatMap { ["-P", place.database + $0] }
    return ["strace", "-D", "-f", "-I", "2", "-qq", "-o", "/dev/null"] + files + ["-e", "trace=\(calls)"]
      + faults.flatMap { ["-e", "inject=\($0)"] }
  }

  /// Takes away the faults that a host was started with.
  static func end(on host: HostProcess) async throws {
    let thread = try host.thread("persistence")
    guard let tracer = tracer(of: thread) else { throw NeverCame(what: "strace at thread \(thread)", bound: .zero) }
    kill(tracer, SIGTERM)
    try await eventually("the end of strace") { !isTraced(thread) }
  }

  private static func tracer(of thread: Int32) -> Int32? {
    let status = (try? String(contentsOfFile: "/proc/\(thread)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("TracerPid:") }
    return line?.split(separator: "\t").last.flatMap { Int32($0) }.flatMap { $0 == 0 ? nil : $0 }
  }

  /// Whether the thread stands still in a call that strace delays.
  func isHoldingUp(_ host: HostProcess) throws -> Bool {
    let thread = try host.thread("persistence")
    let status = try String(contentsOfFile: "/proc/\(thread)/status", encoding: .utf8)
    return status.contains("State:\tt")
  }

  private static func isTraced(_ thread: Int32) -> Bool { tracer(of: thread) != nil }
}

/// What a thread asks of the system.
enum SystemCalls {
  /// The calls that a thread makes within half a second, as strace shows them.
  static func seen(_ calls: [String], of thread: String, in host: HostProcess) throws -> [Substring] {
    let words = ["timeout", "0.5", "strace", "-qq", "-e", "trace=\(calls.joined(separator: ","))"]
    return try Program.result(words + ["-p", "\(host.thread(thread))"]).output.split(separator: "\n")
  }
}

extension HostProcess {
  /// The system's number of the thread of that name.
  func thread(_ wanted: String) throws -> Int32 {
    for task in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task") {
      let name = try? String(contentsOfFile: "/proc/\(pid)/task/\(task)/comm", encoding: .utf8)
      if name == "\(wanted)\n", let thread = Int32(task) { return thread }
    }
    throw NeverCame(what: "a thread named \(wanted) in process \(pid)", bound: .zero)
  }
}
