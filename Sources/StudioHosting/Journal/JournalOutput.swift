import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the journal's bytes go: standard output and standard error, or what a test reads. Called on the journal's thread,
/// with whole lines, and may wait for the reader.
package struct JournalOutput: Sendable {
  /// JSON, for programs.
  var write: @Sendable ([UInt8]) -> Void
  /// Text, for people.
  var tell: @Sendable ([UInt8]) -> Void
  /// Whether both lead to the same terminal or file. A notice then goes to one of them only.
  var isOneFile: Bool

  package init(
    write: @escaping @Sendable ([UInt8]) -> Void, tell: @escaping @Sendable ([UInt8]) -> Void, isOneFile: Bool
  ) {
    self.write = write
    self.tell = tell
    self.isOneFile = isOneFile
  }

  package static var standard: JournalOutput {
    JournalOutput(
      write: { put($0, on: STDOUT_FILENO) }, tell: { put($0, on: STDERR_FILENO) },
      isOneFile: leadToTheSameFile(STDOUT_FILENO, STDERR_FILENO))
  }

  /// Ends early when the reader has gone: that is no reason to stop the show.
  private static func put(_ bytes: [UInt8], on descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { writeBytes(descriptor, $0) }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  private static func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    while true {
      #if canImport(Glibc)
        let written = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      #else
        let written = Darwin.write(descriptor, bytes.baseAddress, bytes.count)
      #endif
      if written < 0, errno == EINTR { continue }
      return written
    }
  }
}
