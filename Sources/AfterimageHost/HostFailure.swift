import ControlIngress
import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The exit codes of the host (sysexits.h).
enum HostExit: Int32, Sendable {
  case fine = 0
  case usage = 64
  /// Something accepted is unsaved, or the disk refused.
  case io = 74
  /// Another process has the folder or the port.
  case busy = 75
  case permission = 77
  case config = 78
}

/// Why the host can't go on air: thing, cause and remedy in one message.
struct HostFailure: Error, Sendable, CustomStringConvertible {
  var exit: HostExit
  var description: String

  init(_ exit: HostExit, _ description: String) {
    self.exit = exit
    self.description = description
  }

  init(_ failure: FileFailure) {
    let isPermission = [EACCES, EPERM, EROFS].contains(failure.code)
    self.init(isPermission ? .permission : .config, failure.description)
  }

  init(_ problem: FolderLockProblem) {
    switch problem {
    case .held: self.init(.busy, problem.description)
    case .file(let failure): self.init(failure)
    }
  }

  init(_ problem: ListenProblem) {
    let exit: HostExit =
      switch problem.code {
      case .badAddress: .usage
      case .inUse: .busy
      case .notPermitted: .permission
      case .failed: .config
      }
    self.init(exit, problem.description)
  }
}
