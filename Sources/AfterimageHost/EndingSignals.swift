import UnixSignals

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The signals that end the host in order.
enum EndingSignals {
  /// SIGTERM, SIGINT and SIGHUP. A terminal sends SIGHUP when it is closed; a process that was started with `nohup`
  /// ignores it and runs on.
  ///
  /// - Parameter ignoresHangUp: whether SIGHUP was ignored when the process started. Handling it would undo that.
  static func all(ignoresHangUp: Bool) -> [UnixSignal] {
    ignoresHangUp ? [.sigterm, .sigint] : [.sigterm, .sigint, .sighup]
  }

  /// Whether SIGHUP is ignored now. Must be read before a handler is installed.
  static var isHangUpIgnored: Bool {
    var action = sigaction()
    guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
    #if canImport(Glibc)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    // Function pointers can't be compared; SIG_IGN is the address 1.
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
