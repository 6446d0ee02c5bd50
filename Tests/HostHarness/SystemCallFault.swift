import Foundation

/// Faults in the system calls of a host's persistence thread, for as long as this is held: strace, attached to that one
/// thread, so that all others run at their speed.
package final class SystemCallFault {
  private let process: Process

  /// - Parameters:
  ///   - faults: as strace's `inject`: `fdatasync:error=EIO`, `pwrite64:error=ENOSPC:when=3`.
  ///   - database: calls on the files of this database only; all calls without it.
  package init(_ faults: [String], on host: HostProcess, onDatabase database: String? = nil) async throws {
    let thread = try host.thread("persistence")
    let calls = faults.map { String($0.prefix { $0 != ":" }) }.joined(separator: ",")
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["strace", "-qq", "-o", "/dev/null", "-p", "\(thread)", "-e", "trace=\(calls)"]
      + (database.map(Self.files(of:)) ?? [])
      + faults.flatMap { ["-e", "inject=\($0)"] }
    process.standardInput = FileHandle.nullDevice
    try process.runUnblocked()
    try await eventually("strace at thread \(thread)") { Self.isTraced(thread) }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Takes the fault away.
  package func end() async throws {
    process.terminate()
    try await eventually("the end of strace") { !process.isRunning }
  }

  /// In front of a host that is to have the faults on its database from its start on, in all threads. strace runs beside
  /// it, not above it, so that the process started is the host.
  package static func prefix(_ faults: [String], onDatabase database: String) -> [String] {
    let calls = faults.map { String($0.prefix { $0 != ":" }) }.joined(separator: ",")
    return ["strace", "-D", "-f", "-I", "2", "-qq", "-o", "/dev/null"] + files(of: database) + ["-e", "trace=\(calls)"]
      + faults.flatMap { ["-e", "inject=\($0)"] }
  }

  private static func files(of database: String) -> [String] {
    ["", "-wal", "-shm"].flatMap { ["-P", database + $0] }
  }

  /// Takes away the faults that a host was started with.
  package static func end(on host: HostProcess) async throws {
    let thread = try host.thread("persistence")
    guard let tracer = tracer(of: thread) else { throw WaitFailure(what: "strace at thread \(thread)", bound: .zero) }
    kill(tracer, SIGTERM)
    try await eventually("the end of strace") { !isTraced(thread) }
  }

  private static func tracer(of thread: Int32) -> Int32? {
    let status = (try? String(contentsOfFile: "/proc/\(thread)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("TracerPid:") }
    return line?.split(separator: "\t").last.flatMap { Int32($0) }.flatMap { $0 == 0 ? nil : $0 }
  }

  /// Whether the thread stands still in a call that strace delays.
  package func isHoldingUp(_ host: HostProcess) throws -> Bool {
    let thread = try host.thread("persistence")
    let status = try String(contentsOfFile: "/proc/\(thread)/status", encoding: .utf8)
    return status.contains("State:\tt")
  }

  private static func isTraced(_ thread: Int32) -> Bool { tracer(of: thread) != nil }
}

/// What a thread asks of the system.
package enum SystemCalls {
  /// The calls that a thread makes within two seconds, as strace shows them.
  package static func seen(_ calls: [String], of thread: String, in host: HostProcess) async throws -> [Substring] {
    let words = ["timeout", "2", "strace", "-qq", "-e", "trace=\(calls.joined(separator: ","))"]
    return try await Program.result(words + ["-p", "\(host.thread(thread))"]).output.split(separator: "\n")
  }
}

extension HostProcess {
  /// The system's number of the thread of that name.
  package func thread(_ wanted: String) throws -> Int32 {
    for task in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task") {
      let name = try? String(contentsOfFile: "/proc/\(pid)/task/\(task)/comm", encoding: .utf8)
      if name == "\(wanted)\n", let thread = Int32(task) { return thread }
    }
    throw WaitFailure(what: "a thread named \(wanted) in process \(pid)", bound: .zero)
  }
}
