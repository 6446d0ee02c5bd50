import DurableFiles
import Foundation
import HostHarness

/// A fault of the host's persistence during which frames and answers are measured.
enum InjectedFault: String, CaseIterable {
  case none = "nothing"
  case stall = "a sync that takes 10 s"
  case full = "no space on the disk"
  case errors = "a disk that fails every sync"
  case locked = "a write lock in a sqlite3 shell"
  case storm = "2,000 mutations a second over OSC"

  static let programs = ["strace", "sqlite3"]

  /// Injects the fault. The returned closure removes it.
  func begin(on host: HostProcess, storm port: UInt16) async throws -> () async throws -> Void {
    switch self {
    case .none: return {}
    case .stall: return try await inject("fdatasync:delay_enter=10000000:when=1", host)
    case .full: return try await inject("pwrite64:error=ENOSPC", host)
    case .errors: return try await inject("fdatasync:error=EIO", host)
    case .locked:
      let shell = try DatabaseShell(DataFolderLayout(host.launch.dataFolder).database)
      try await shell.run("BEGIN IMMEDIATE;")
      return { try await shell.end() }
    case .storm:
      let storm = OSCStorm(to: port)
      return { storm.end() }
    }
  }

  private func inject(_ fault: String, _ host: HostProcess) async throws -> () async throws -> Void {
    let fault = try await SystemCallFault([fault], on: host)
    return { try await fault.end() }
  }

  /// Whether health shows the fault, ten seconds after it began.
  func isSeen(in health: HealthSeen, since before: HealthSeen) -> Bool {
    switch self {
    case .none: health.errorCode == nil
    // Two messages a round; a tenth less for the time that looking takes.
    case .storm: health.oscMessages - before.oscMessages > 9 * 2 * Int64(OSCStorm.roundsPerSecond)
    // In a store, or in the housekeeping that a store waits for.
    case .stall: ["storing", "pending"].contains(health.state) && health.oldestUnsavedAgeMs > 7000
    // SQLite does not keep the reason (errno) of every failure, and then it is called an I/O error.
    case .full: ["full", "io"].contains(health.errorCode)
    case .errors: health.errorCode == "io"
    case .locked: health.errorCode == "busy"
    }
  }
}
