#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that are on disk when the call returns. The only code of the project that renames and syncs files.
///
/// Every call blocks the calling thread for as long as the disk takes; none may run on a render, ingress or event loop
/// thread. Several threads may call at once; of two replacements of one file the later rename wins, whole.
public enum DurableFile {
  /// Puts `bytes` in the place of the file at `path`, with mode 0600; the folder must exist. A symbolic link at `path`
  /// is replaced itself, its target is not touched.
  ///
  /// - Throws: when the new content is not certainly on disk. The file then holds its old content whole or, if only the
  ///   folder's fsync failed, the new content whole.
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

  /// Removes the file at `path` for good. False when there is none; a folder is refused.
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
      // Also when it was gone already: an earlier call may have failed at this step.
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

  /// Moves a file or folder to a name on the same file system that is not taken; EEXIST when it is, EXDEV when it lies on
  /// another file system. A power cut leaves it at the old place, the new one, or both. Only for the holder of the lock:
  /// a name that another process takes at the same moment is replaced.
  ///
  /// - Parameter isReplacing: takes the place of a file that has the name. After a power cut that file or the moved one is
  ///   there, whole; the content of the moved one must be synced before.
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
      // Swift's Glibc module offers no renameat2, which would check and rename in one.
      if !isReplacing, try calls.exists(target.name, in: targetFolder) {
        throw CallFailure(call: .rename, code: EEXIST)
      }
      try calls.rename(source.name, in: sourceFolder, to: target.name, in: targetFolder)
      // The new place first: a power cut between the two must not find the file nowhere.
      try calls.syncFolder(targetFolder)
      try calls.syncFolder(sourceFolder)
    } catch {
      throw FileFailure(error, path: concerned)
    }
  }

  /// Names of the temporary files that replacements use in `folder`: of one that is running, or was killed.
  package static func leftovers(in folder: String) -> [String] {
    ((try? FolderListing.entries(of: folder)) ?? []).map(\.name).filter(TemporaryName.isOne).sorted()
  }

  /// Removes the temporary files that killed processes left in `folder`. Only for the holder of the data folder's lock:
  /// a replacement that is running loses its file. What can't be removed is left; it does no harm.
  public static func removeLeftovers(in folder: String) {
    guard let entries = try? FolderListing.entries(of: folder) else { return }
    for entry in entries where TemporaryName.isOne(entry.name) {
      _ = try? remove("\(folder)/\(entry.name)")
    }
  }
}
