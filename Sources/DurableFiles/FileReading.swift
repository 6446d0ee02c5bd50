#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension DurableFile {
  /// The content of the regular file at `path`; nil if there is none. A symbolic link at the end of the path, a pipe or
  /// a device is refused without being followed or read.
  ///
  /// - Parameter limit: largest content, in bytes; a larger file is refused (EFBIG) without being read.
  public static func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8]? {
    _ = try FilePlace(path)
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw FileFailure(path: path, call: "open", code: errno)
    }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0 else { throw FileFailure(path: path, call: "fstat", code: errno) }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw FileFailure(
        path: path, call: "open", code: EINVAL, message: "\(path) is no regular file",
        remedy: "Put a regular file there.")
    }
    guard facts.st_size <= limit else { throw tooLarge(path, limit) }
    return try read(file, path, expecting: Int(facts.st_size), limit: limit)
  }

  /// Reads to the end. The size is only a hint, because the file may grow or shrink during the read.
  private static func read(
    _ file: Int32, _ path: String, expecting size: Int, limit: Int
  ) throws(FileFailure) -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(size)
    var part = [UInt8](repeating: 0, count: min(max(size + 1, 4096), 1 << 20))
    while true {
      #if canImport(Glibc)
        let count = part.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      #else
        let count = part.withUnsafeMutableBytes { Darwin.read(file, $0.baseAddress, $0.count) }
      #endif
      if count == 0 { return content }
      if count > 0 {
        content.append(contentsOf: part[..<count])
        guard content.count <= limit else { throw tooLarge(path, limit) }
      } else if errno != EINTR {
        throw FileFailure(path: path, call: "read", code: errno)
      }
    }
  }

  private static func tooLarge(_ path: String, _ limit: Int) -> FileFailure {
    FileFailure(
      path: path, call: "read", code: EFBIG, message: "\(path) is larger than the \(limit) bytes that are read",
      remedy: "Make the file smaller.")
  }
}
