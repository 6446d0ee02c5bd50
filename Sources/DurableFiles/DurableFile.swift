#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Durable operations on files: the result is on disk when the call returns. The only code of the project that renames
/// and syncs files.
///
/// Every call blocks the calling thread for as long as the disk takes; none may run on a render, ingress or event loop
/// thread. Several threads may call concurrently; of two replacements of one file the content of the later rename
/// remains.
public enum DurableFile {
  /// Replaces the file at `path` by a file with the content `bytes` and mode 0600; the folder must exist. A symbolic
  /// link at `path` is replaced itself; its target is not touched.
  ///
  /// - Throws: if the new content is not certainly on disk. The file then has its complete old content or, if only the
  ///   folder's fsync failed, the complete new content.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(FileFailure) {
    try replace(path, with: bytes, calls: SystemFileCalls())
  }

  static func replace(_ path: String, with bytes: [UInt8], calls: some FileCalls) throws(FileFailure) {
    let place = try FilePlace(path)
    do throws(CallFailure) {
      try FileReplacement(calls: calls).run(place, bytes)
    } catch {
      throw FileFailure(error, path: path)
    }
  }

  /// Durably removes the file at `path`. Returns false if there is none; a folder is refused.
  @discardableResult
  public static func remove(_ path: String) throws(FileFailure) -> Bool {
    try remove(path, calls: SystemFileCalls())
  }

  static func remove(_ path: String, calls: some FileCalls) throws(FileFailure) -> Bool {
    let place = try FilePlace(path)
    do throws(CallFailure) {
      let folder = try calls.openFolder(place.folder)
      defer { try? calls.close(folder) }
      let wasThere = try unlink(place.name, in: folder, calls)
      // Even if the file was already removed: an earlier call may have failed at this step.
      try calls.syncFolder(folder)
      return wasThere
    } catch {
      if error == CallFailure(call: .openFolder, code: ENOENT) { return false }
      throw FileFailure(error, path: path)
    }
  }

  private static func unlink(
    _ name: String, in folder: Int32, _ calls: some FileCalls
  ) throws(CallFailure) -> Bool {
    do throws(CallFailure) {
      try calls.unlink(name, in: folder)
      return true
    } catch {
      if error.code == ENOENT { return false }
      throw error
    }
  }

  /// Durably moves a file or folder to an unused name on the same file system. After a power cut it has the old name,
  /// the new one, or both. Only for the holder of the folder's lock: a name that another process creates concurrently
  /// is replaced.
  ///
  /// - Parameter isReplacing: replaces an existing file of that name. After a power cut either that file or the moved
  ///   one exists, complete; the content of the moved one must have been synced before.
  /// - Throws: EEXIST if the name exists, EXDEV if it is on another file system.
  public static func moveDurably(
    from path: String, to newPath: String, replacing isReplacing: Bool = false
  ) throws(FileFailure) {
    try moveDurably(from: path, to: newPath, replacing: isReplacing, calls: SystemFileCalls())
  }

  static func moveDurably(
    from path: String, to newPath: String, replacing isReplacing: Bool = false, calls: some FileCalls
  ) throws(FileFailure) {
    let source = try FilePlace(path)
    let target = try FilePlace(newPath)
    var concerned = path
    do throws(CallFailure) {
      let sourceFolder = try calls.openFolder(source.folder)
      defer { try? calls.close(sourceFolder) }
      concerned = newPath
      let targetFolder = try calls.openFolder(target.folder)
      defer { try? calls.close(targetFolder) }
      concerned = "\(path) to \(newPath)"
      // Swift's Glibc module does not offer renameat2, which would check and rename in one call.
      if !isReplacing, try calls.exists(target.name, in: targetFolder) {
        throw CallFailure(call: .rename, code: EEXIST)
      }
      try calls.rename(source.name, in: sourceFolder, to: target.name, in: targetFolder)
      // The target folder first: after a power cut between the two syncs the file must still have a name.
      try calls.syncFolder(targetFolder)
      try calls.syncFolder(sourceFolder)
    } catch {
      throw FileFailure(error, path: concerned)
    }
  }

  /// Names of the temporary files of replacements in `folder`, running or killed.
  package static func leftovers(in folder: String) -> [String] {
    ((try? FolderListing.entries(of: folder)) ?? []).map(\.name).filter(TemporaryName.isOne).sorted()
  }

  /// Removes the temporary files that killed processes left in `folder`. Only for the holder of the data folder's lock:
  /// a running replacement would lose its file. Files that can't be removed are harmless and left.
  public static func removeLeftovers(in folder: String) {
    guard let entries = try? FolderListing.entries(of: folder) else { return }
    for entry in entries where TemporaryName.isOne(entry.name) {
      _ = try? remove("\(folder)/\(entry.name)")
    }
  }
}
