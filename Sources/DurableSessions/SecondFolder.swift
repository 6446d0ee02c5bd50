import DurableFiles
import GenerationStore
import PersistenceMessages

/// The folder of `--fallback-dir`: taken at the start, so that no other host uses it, and used only when the data folder
/// takes nothing any more.
struct SecondFolder {
  /// Absolute, without links: a later start may have another working directory.
  let path: String
  let lock: FolderLock

  /// Nil when none is wanted, or when it can't be used now, which is told: a show must not fail to start for its spare.
  ///
  /// - Throws: when another process uses the folder.
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

  /// Notes in the data folder that newer state may come to lie here: now, because later that disk may be ill.
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
