#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The system calls that change or read a file. Tests replace them to fail the nth call of an operation with any error
/// number. Internal on purpose: the seam belongs to the code that needs it.
protocol FileCalls {
  func openFolder(_ path: String) throws(CallFailure) -> Int32
  /// Creates a file exclusively: fails if the name exists, follows no link.
  func create(_ name: String, in folder: Int32) throws(CallFailure) -> Int32
  func setMode(_ file: Int32, _ mode: mode_t) throws(CallFailure)
  /// Returns the number of bytes written: at least one, possibly fewer than given.
  func write(_ file: Int32, _ bytes: ArraySlice<UInt8>) throws(CallFailure) -> Int
  func sync(_ file: Int32) throws(CallFailure)
  func close(_ file: Int32) throws(CallFailure)
  func rename(_ name: String, in folder: Int32, to newName: String, in newFolder: Int32) throws(CallFailure)
  /// Whether the name exists, as any kind of file; a symbolic link is not followed.
  func exists(_ name: String, in folder: Int32) throws(CallFailure) -> Bool
  func syncFolder(_ folder: Int32) throws(CallFailure)
  func unlink(_ name: String, in folder: Int32) throws(CallFailure)
}

/// A system call; the raw values appear in messages.
enum FileCall: String, Sendable, CaseIterable {
  case openFolder = "open of the folder"
  case create = "creation of the temporary file"
  case setMode = "chmod of the temporary file"
  case write
  case sync = "fsync"
  case close
  case exists = "stat"
  case rename
  case syncFolder = "fsync of the folder"
  case unlink
}

struct CallFailure: Error, Equatable {
  var call: FileCall
  /// errno.
  var code: Int32
}

struct SystemFileCalls: FileCalls {
  func openFolder(_ path: String) throws(CallFailure) -> Int32 {
    try checked(.openFolder, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
  }

  func create(_ name: String, in folder: Int32) throws(CallFailure) -> Int32 {
    try checked(.create, openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600))
  }

  func setMode(_ file: Int32, _ mode: mode_t) throws(CallFailure) {
    _ = try checked(.setMode, fchmod(file, mode))
  }

  func write(_ file: Int32, _ bytes: ArraySlice<UInt8>) throws(CallFailure) -> Int {
    #if canImport(Glibc)
      let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    #else
      let written = bytes.withUnsafeBytes { Darwin.write(file, $0.baseAddress, $0.count) }
    #endif
    guard written >= 0 else { throw CallFailure(call: .write, code: errno) }
    // POSIX does not define the meaning of a write of 0 bytes. Treating it as an error prevents an endless loop.
    guard written > 0 else { throw CallFailure(call: .write, code: EIO) }
    return written
  }

  func sync(_ file: Int32) throws(CallFailure) {
    _ = try checked(.sync, Self.toTheDisk(file))
  }

  func syncFolder(_ folder: Int32) throws(CallFailure) {
    _ = try checked(.syncFolder, Self.toTheDisk(folder))
  }

  func close(_ file: Int32) throws(CallFailure) {
    // EINTR: Linux has closed the descriptor anyway, and the content was synced before.
    #if canImport(Glibc)
      let result = Glibc.close(file)
    #else
      let result = Darwin.close(file)
    #endif
    if result != 0, errno != EINTR { throw CallFailure(call: .close, code: errno) }
  }

  func rename(_ name: String, in folder: Int32, to newName: String, in newFolder: Int32) throws(CallFailure) {
    _ = try checked(.rename, renameat(folder, name, newFolder, newName))
  }

  func exists(_ name: String, in folder: Int32) throws(CallFailure) -> Bool {
    var facts = stat()
    if fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 { return true }
    if errno == ENOENT { return false }
    throw CallFailure(call: .exists, code: errno)
  }

  func unlink(_ name: String, in folder: Int32) throws(CallFailure) {
    _ = try checked(.unlink, unlinkat(folder, name, 0))
  }

  private func checked(_ call: FileCall, _ result: Int32) throws(CallFailure) -> Int32 {
    guard result >= 0 else { throw CallFailure(call: call, code: errno) }
    return result
  }

  /// Never repeated after an error: the kernel may have dropped the pages that it could not write, and a second fsync
  /// would return 0 although the content is not on disk.
  private static func toTheDisk(_ file: Int32) -> Int32 {
    #if canImport(Glibc)
      fsync(file)
    #else
      // On macOS fsync does not flush the drive's cache.
      fcntl(file, F_FULLFSYNC)
    #endif
  }
}
