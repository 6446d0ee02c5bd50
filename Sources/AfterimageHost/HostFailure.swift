import ControlIngress
import DurableSessions

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

  init(_ failure: SessionFailure) {
    let exit: HostExit =
      switch failure.code {
      case .busy: .busy
      case .permission: .permission
      case .unusable: .config
      }
    self.init(exit, failure.description)
  }

  init(_ problem: ListenFailure) {
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
