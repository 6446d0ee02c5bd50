import Documents
package import DurableFiles
import GenerationStore
import SQLiteConnection
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether the host that `host.json` names still runs on its folder. The lock on `host.lock` tells as a rule; but somebody
/// may have deleted that file, and then the next program locks another file of the same name.
package enum LivingHost {
  /// The other process that runs on `folder`; nil when there is none.
  package static func holder(of folder: String) -> FolderLock.Holder? {
    file(in: folder).map { FolderLock.Holder(pid: $0.pid, program: program) }
  }

  static let program = "afterimage-host"

  /// `host.json` of the other process that runs on `folder`; nil when there is none.
  static func file(in folder: String) -> HostFile? {
    guard let file = HostFile(folder: folder), file.pid != getpid() else { return nil }
    let facts = HostFacts(
      process: ProcessFacts(of: file.pid), isAlive: file.isAlive, folderInode: inode(of: folder),
      hasDatabaseOpen: {
        LockHolder.holders(of: .opened, databasePath: DataFolderLayout(folder).database).contains {
          $0.pid == file.pid && $0.program == program
        }
      })
    return facts.areOf(file) ? file : nil
  }
}

/// What is known of the process that `host.json` names. Pure; the table is in `LivingHostTests`.
struct HostFacts {
  /// Nil where the system does not tell, and when the process is gone.
  var process: ProcessFacts?
  var isAlive: Bool
  var folderInode: Int64?
  /// Whether that process, a host, has the database of the folder open.
  var hasDatabaseOpen: () -> Bool

  /// Whether it is the host that wrote the file, and works on the folder in which the file lies.
  func areOf(_ file: HostFile) -> Bool {
    guard isAlive, process?.isRunning ?? true else { return false }
    // The number may have gone to another process, and the file may be a copy, made with the whole folder.
    guard let ticks = file.json["startTicks"]?.intValue, let folder = file.json["folderInode"]?.intValue else {
      // An earlier version wrote the file.
      return hasDatabaseOpen()
    }
    return process?.startTicks == ticks && folderInode == folder
  }
}
