#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lists the entries of a folder.
public enum FolderListing {
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var bytes: Int64
    /// Wall clock, milliseconds since 1970.
    public var modifiedAtUnixMs: Int64
    /// False for a folder, a symbolic link, a pipe and a device.
    public var isRegularFile: Bool
  }

  /// Most entries that are read from one folder: bounds time and memory if another program filled it.
  public static let maximumEntries = 100_000

  /// The folder's entries without `.` and `..`, in no particular order. Entries that vanish during the call are
  /// omitted.
  ///
  /// - Throws: ENOENT if there is no such folder.
  public static func entries(of folder: String) throws(FileFailure) -> [Entry] {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(path: folder, call: "open", code: errno) }
    guard let stream = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      throw FileFailure(path: folder, call: "opendir", code: code)
    }
    // Also closes the descriptor.
    defer { closedir(stream) }
    var entries: [Entry] = []
    while entries.count < maximumEntries, let name = nextName(stream) {
      if let entry = entry(name, in: descriptor) { entries.append(entry) }
    }
    return entries
  }

  /// See ``entries(of:)``; empty if there is no such folder.
  public static func existingEntries(of folder: String) throws(FileFailure) -> [Entry] {
    do throws(FileFailure) {
      return try entries(of: folder)
    } catch {
      if error.code == ENOENT { return [] }
      throw error
    }
  }

  /// Nil at the end. An error within the folder also ends the listing; the entries found so far are still useful.
  private static func nextName(_ stream: OpaquePointer) -> String? {
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { return name }
    }
    return nil
  }

  /// A file may have any time; one that does not fit into milliseconds is clamped to the largest number.
  private static func milliseconds(_ time: timespec) -> Int64 {
    let (milliseconds, isBeyond) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1000)
    if isBeyond { return time.tv_sec < 0 ? .min : .max }
    return milliseconds.addingReportingOverflow(Int64(time.tv_nsec) / 1_000_000).partialValue
  }

  private static func entry(_ name: String, in folder: Int32) -> Entry? {
    var facts = stat()
    guard fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    #if canImport(Glibc)
      let modified = facts.st_mtim
    #else
      let modified = facts.st_mtimespec
    #endif
    return Entry(
      name: name, bytes: Int64(facts.st_size),
      modifiedAtUnixMs: milliseconds(modified),
      isRegularFile: facts.st_mode & S_IFMT == S_IFREG)
  }
}
