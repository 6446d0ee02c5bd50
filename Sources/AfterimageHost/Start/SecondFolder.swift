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
  static func take(_ settings: HostSettings, _ journal: Journal) throws(HostFailure) -> SecondFolder? {
    guard let path = settings.fallbackFolder else { return nil }
    do throws(FileFailure) {
      let warnings = try DataFolder.prepare(path, allowUnsafeFileSystem: settings.allowsNetworkFileSystem)
      for warning in warnings { journal.tell(warning) }
    } catch {
      journal.tell("the fallback folder can't be used, so this run has none: \(error)")
      return nil
    }
    do throws(FolderLockProblem) {
      let lock = try FolderLock(folder: path, program: "afterimage-host")
      return SecondFolder(path: DataFolder.resolved(path), lock: lock)
    } catch {
      guard case .file(let failure) = error else { throw HostFailure(error) }
      journal.tell("the fallback folder can't be used, so this run has none: \(failure)")
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
  func note(in dataFolder: String, _ journal: Journal) {
    var elsewhere = Elsewhere(dataFolder: dataFolder)
    let before = elsewhere
    elsewhere.noteFolder(path)
    guard elsewhere != before else { return }
    do throws(FileFailure) {
      try elsewhere.write(to: dataFolder)
    } catch {
      journal.tell("a later start without --fallback-dir \(path) will not look there: \(error)")
    }
  }
}
