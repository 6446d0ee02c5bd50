import DurableFiles
import PersistenceMessages
import SQLiteConnection

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `quarantine/<UTC>-<reason>/` in the data folder, for files that can't be used. Nothing in it is ever deleted or
/// overwritten.
struct Quarantine {
  /// The reason of an incident in which the database was not this show's.
  static let anotherShow = "another-show"

  let files: DatabaseFiles

  init(_ files: DatabaseFiles) {
    self.files = files
  }

  /// The folders of the incidents, newest first, because their names begin with the time.
  var incidents: [String] {
    files.layout.quarantines.flatMap { path in
      ((try? FolderListing.entries(of: path)) ?? []).map { (name: $0.name, path: path) }
    }
    .sorted { $0.name > $1.name }.map { "\($0.path)/\($0.name)" }
  }

  /// Creates a folder for one incident.
  func makeFolder(reason: String, now: Int64) throws(FileFailure) -> String {
    let name = "\(UTCTime.compactText(unixMilliseconds: now))-\(reason)"
    var failure: FileFailure?
    for path in files.layout.quarantines {
      do throws(FileFailure) {
        return try Self.makeFolder("\(path)/\(name)")
      } catch {
        failure = failure ?? error
        guard [ENOENT, ENOTDIR, EEXIST, ELOOP].contains(error.code) else { throw error }
      }
    }
    throw failure ?? FileFailure(path: files.layout.quarantine, call: "mkdir", code: EEXIST)
  }

  private static func makeFolder(_ base: String) throws(FileFailure) -> String {
    var folder = base
    var number = 2
    while DatabaseFiles.identity(of: folder) != nil {
      folder = "\(base)-\(number)"
      number += 1
    }
    try DataFolder.createFolder(folder)
    return folder
  }

  /// Moves the database into `folder`, with log and shared memory. They must not be open in this process.
  ///
  /// The database is moved first: a crash in between leaves a log without a database, which is detected, and not a
  /// database without its log, which would open as an older one.
  func moveDatabase(to folder: String) throws(FileFailure) {
    for path in [files.database, files.log, files.sharedMemory] where DatabaseFiles.identity(of: path) != nil {
      let name = path.dropFirst(files.folder.count + 1)
      try DurableFile.moveDurably(from: path, to: "\(folder)/\(name)")
    }
  }
}
