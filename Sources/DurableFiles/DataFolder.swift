#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The data folder: `state.db`, presets, lock.
public enum DataFolder {
  /// The host's flag that permits a refused file system.
  public static let unsafeFileSystemFlag = "--allow-network-file-system"

  /// Creates the folder and its missing parents with mode 0700, regardless of the umask. Checks that the folder can be
  /// written and that its file system honours locks and syncs. An existing folder keeps its mode unless it is empty and
  /// ours.
  ///
  /// - Returns: warnings for the operator, one sentence each.
  /// - Throws: if the folder can't be created or written, or is on NFS, SMB, 9p or FUSE without the override.
  public static func prepare(_ path: String, allowUnsafeFileSystem: Bool) throws(FileFailure) -> [String] {
    try createFolder(path)
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw FileFailure(path: path, call: "open of the folder", code: errno) }
    defer { close(folder) }
    guard faccessat(AT_FDCWD, path, R_OK | W_OK | X_OK, AT_EACCESS) == 0 else {
      throw FileFailure(path: path, call: "access", code: errno, message: "the folder \(path) can't be written")
    }
    let type = fileSystemType(of: folder, path)
    let typeWarning = try warning(for: type, path, isAllowed: allowUnsafeFileSystem)
    return [modeWarning(folder, path), typeWarning].compactMap(\.self)
  }

  /// The absolute path without links; `path` unchanged if there is no such folder.
  public static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Durably creates the folder and its missing parents with mode 0700; does nothing if it exists.
  public static func createFolder(_ path: String) throws(FileFailure) {
    try createFolder(path, remainingDepth: 64)
  }

  private static func createFolder(_ path: String, remainingDepth: Int) throws(FileFailure) {
    let trimmed = path.withoutSlashesAtEnd
    if mkdir(trimmed, 0o700) == 0 { return try settle(newFolder: trimmed) }
    switch errno {
    case EEXIST:
      var facts = stat()
      guard stat(trimmed, &facts) == 0 else { throw FileFailure(path: trimmed, call: "stat", code: errno) }
      guard facts.st_mode & S_IFMT == S_IFDIR else {
        throw FileFailure(
          path: trimmed, call: "mkdir", code: ENOTDIR, message: "\(trimmed) is a file and not a folder",
          remedy: trimmed.hasSuffix("state.db")
            ? "Name the folder that holds it." : "Name a folder, or move what is there out of the way.")
      }
    case ENOENT where remainingDepth > 0:
      try createFolder(FilePlace(trimmed).folder, remainingDepth: remainingDepth - 1)
      try createFolder(trimmed, remainingDepth: 0)
    case let code: throw FileFailure(path: trimmed, call: "mkdir", code: code)
    }
  }

  /// Sets the mode, from which the umask may have removed bits, and syncs the parent, without which the folder's name
  /// is not durable.
  private static func settle(newFolder path: String) throws(FileFailure) {
    guard chmod(path, 0o700) == 0 else { throw FileFailure(path: path, call: "chmod", code: errno) }
    let calls = SystemFileCalls()
    do throws(CallFailure) {
      let parent = try calls.openFolder("\(path)/..")
      defer { try? calls.close(parent) }
      try calls.syncFolder(parent)
    } catch {
      throw FileFailure(error, path: path)
    }
  }

  static func warning(
    for type: FileSystemType?, _ path: String, isAllowed: Bool
  ) throws(FileFailure) -> String? {
    guard let type else { return "the type of the file system of \(path) can't be found out" }
    let place = "\(path) lies on a file system of type \(type.name)"
    switch type.verdict {
    case .accepted: return nil
    case .warned(let reason): return "\(place): \(reason)"
    case .refused(let reason) where isAllowed: return "\(place), allowed by \(unsafeFileSystemFlag): \(reason)"
    case .refused(let reason):
      throw FileFailure(
        path: path, call: "check of the file system", code: EOPNOTSUPP, message: "\(place): \(reason)",
        remedy: "Choose a folder on a local disk, or accept the risk with \(unsafeFileSystemFlag).")
    }
  }

  /// Nil if the system does not report it, as in a container without /proc.
  private static func fileSystemType(of folder: Int32, _ path: String) -> FileSystemType? {
    #if canImport(Glibc)
      var facts = stat()
      guard fstat(folder, &facts) == 0, let table = try? DurableFile.read("/proc/self/mountinfo", limit: 16 << 20),
        let resolved = realpath(path, nil)
      else { return nil }
      defer { free(resolved) }
      return MountTable(String(decoding: table, as: UTF8.self))
        .fileSystemType(device: UInt64(facts.st_dev), path: String(cString: resolved))
    #else
      var facts = statfs()
      guard fstatfs(folder, &facts) == 0 else { return nil }
      return FileSystemType(
        name: withUnsafeBytes(of: facts.f_fstypename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    #endif
  }

  /// Sets the mode of a folder that is empty and ours, such as one made by `mkdir` just before the first start. Any
  /// other folder keeps its mode: `--data-dir /srv/shared` by mistake must not lock others out.
  private static func modeWarning(_ folder: Int32, _ path: String) -> String? {
    var facts = stat()
    guard fstat(folder, &facts) == 0, facts.st_mode & 0o077 != 0 else { return nil }
    let isEmpty = (try? FolderListing.entries(of: path))?.isEmpty ?? false
    if isEmpty, facts.st_uid == geteuid(), fchmod(folder, 0o700) == 0 { return nil }
    let mode = String(facts.st_mode & 0o777, radix: 8)
    return "\(path) is open to other users (mode \(mode)): chmod 700 keeps the show private"
  }
}

extension String {
  fileprivate var withoutSlashesAtEnd: String {
    var text = self[...]
    while text.utf8.count > 1, text.last == "/" { text.removeLast() }
    return String(text)
  }
}
