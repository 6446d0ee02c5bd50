import ControlIngress
import RecoveryWorkbench
import StudioHosting

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The process's limit of open files (`ulimit -n`), looked at before anything is opened.
enum OpenFileLimit {
  /// Raises the limit as far as it is needed and allowed, and fits the connections into it.
  ///
  /// - Throws: 78 when it leaves no room for the host itself; the message has the number that does.
  static func fit(_ limits: HTTPLimits, _ journal: Journal) throws(HostFailure) -> HTTPLimits {
    let files = raise(to: limits.openFiles())
    guard let fitting = limits.fitting(openFiles: files) else {
      throw HostFailure(
        .config,
        "this process may open \(files) files at once, and the host needs \(HTTPLimits.fewestOpenFiles()) at least and "
          + "\(limits.openFiles()) for all its connections; raise the limit with ulimit -n, or LimitNOFILE= of its service"
      )
    }
    if fitting.connections < limits.connections {
      journal.tell(
        "this process may open \(files) files at once, so only \(fitting.connections) connections are answered at once; "
          + "\(limits.openFiles()) files are enough for all")
    }
    return fitting
  }

  /// - Returns: the limit that counts from here on.
  private static func raise(to wanted: Int) -> Int {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0 else { return wanted }
    if limit.rlim_cur < rlim_t(wanted) {
      let now = limit.rlim_cur
      limit.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
      if setrlimit(resource, &limit) != 0 { limit.rlim_cur = now }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
