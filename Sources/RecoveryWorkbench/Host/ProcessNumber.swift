#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A process by its number, which may have gone to another program since it was written down.
struct ProcessNumber {
  var number: Int32

  init(_ number: Int32) {
    self.number = number
  }

  /// Processes of other users count too. Numbers of zero and below refer to groups, never to one process.
  var isAlive: Bool { number > 0 && (kill(number, 0) == 0 || errno == EPERM) }
}
