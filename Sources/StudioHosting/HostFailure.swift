package import ControlIngress
package import DurableSessions
package import RecoveryWorkbench

/// Why the host can't go on air: thing, cause and remedy in one message, and the exit code.
package struct HostFailure: Error, Sendable, Equatable, CustomStringConvertible {
  package var exit: ExitCode
  package var description: String

  package init(_ exit: ExitCode, _ description: String) {
    self.exit = exit
    self.description = description
  }

  package init(_ failure: SessionFailure) {
    let exit: ExitCode =
      switch failure.code {
      case .busy: .busy
      case .permission: .permission
      case .unusable: .config
      }
    self.init(exit, failure.description)
  }

  package init(_ failure: ListenFailure) {
    let exit: ExitCode =
      switch failure.code {
      case .badAddress: .usage
      case .inUse: .busy
      case .notPermitted: .permission
      case .failed: .config
      }
    self.init(exit, failure.description)
  }
}
