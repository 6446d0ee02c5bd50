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

  /// Somebody else's process counts too. Zero and below name groups and never one process.
  var isAlive: Bool { number > 0 && (kill(number, 0) == 0 || errno == EPERM) }
}
