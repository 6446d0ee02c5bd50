import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The names of the temporary files of replacements: `.PID-NUMBER.afterimage-tmp`. They do not contain the file's name,
/// so that a file with a name of the maximum length can be replaced.
enum TemporaryName {
  private static let suffix = ".afterimage-tmp"
  private static let counter = Atomic<UInt64>(0)

  /// A name that this process has not used yet.
  static func next() -> String {
    ".\(getpid())-\(counter.add(1, ordering: .relaxed).newValue)\(suffix)"
  }

  static func isOne(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(suffix)
  }
}
