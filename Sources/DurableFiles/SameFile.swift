#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether two descriptors refer to the same file, terminal, pipe or socket, as stdout and stderr do under systemd. A
/// text written to both would then appear twice.
package func leadToTheSameFile(_ first: Int32, _ second: Int32) -> Bool {
  var one = stat()
  var other = stat()
  return fstat(first, &one) == 0 && fstat(second, &other) == 0 && one.st_dev == other.st_dev
    && one.st_ino == other.st_ino
}
