package import Foundation

extension Process {
  /// Runs with no signal blocked. A child takes over the signal mask of the thread that starts it, and Swift's threads
  /// block most of them, SIGTERM too.
  package func runUnblocked() throws {
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try run()
  }
}
