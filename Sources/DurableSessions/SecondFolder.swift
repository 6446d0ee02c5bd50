import DurableFiles
import GenerationStore
import PersistenceMessages

/// The folder of `--fallback-dir`. It is locked at the start, so that no other host uses it, and used only if the data
/// folder can't be written.
struct SecondFolder {
  /// The absolute path without links, because a later start may have another working directory.
  let path: String
  let lock: FolderLock

  /// Nil if none is configured, or if it can't be used now, which is reported: a show must not fail to start because of
  /// its spare folder.
  ///
  /// - Throws: if another process uses the folder.
  static func take(_ options: SessionOptions) throws(SessionFailure) -> SecondFolder? {
    guard let path = options.secondFolder else { return nil }
    do throws(FileFailure) {
      let warnings = try DataFolder.prepare(path, allowUnsafeFileSystem: options.allowsUnsafeFileSystem)
      for warning in warnings { options.notice(warning) }
    } catch {
      options.notice("the fallback folder can't be used, so this run has none: \(error)")
      return nil
    }
    do throws(FolderLockFailure) {
      let lock = try FolderLock(folder: path, program: options.program)
      return SecondFolder(path: DataFolder.resolved(path), lock: lock)
    } catch {
      guard case .file(let failure) = error else { throw SessionFailure(error) }
      options.notice("the fallback folder can't be used, so this run has none: \(failure)")
      return nil
    }
  }

  func options(like first: StoreOptions) -> StoreOptions {
    var options = first
    options.folder = path
    options.claimFolder = { [lock] () throws(StoreFailure) in _ = try lock.claim() }
    return options
  }

  /// Records this folder in the data folder as a possible place of newer state. Done at the start, because the data
  /// folder's disk may fail later.
  func note(in dataFolder: String, _ options: SessionOptions) {
    var elsewhere = Elsewhere(dataFolder: dataFolder)
    let before = elsewhere
    elsewhere.noteFolder(path)
    guard elsewhere != before else { return }
    do throws(FileFailure) {
      try elsewhere.write(to: dataFolder)
    } catch {
      options.notice("a later start without --fallback-dir \(path) will not look there: \(error)")
    }
  }
}
