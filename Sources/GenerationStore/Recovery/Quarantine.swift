import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `quarantine/<UTC>-<reason>/` in the data folder: where files go that can't be used. Nothing in it is ever deleted,
/// overwritten or counted.
struct Quarantine {
  let files: DatabaseFiles

  init(_ files: DatabaseFiles) {
    self.files = files
  }

  var path: String { "\(files.folder)/quarantine" }

  /// Makes a folder of its own for one incident.
  func makeFolder(reason: String, now: Int64) throws(FileFailure) -> String {
    let base = "\(path)/\(UTCTime.compactText(unixMilliseconds: now))-\(reason)"
    var folder = base
    var number = 2
    while DatabaseFiles.identity(of: folder) != nil {
      folder = "\(base)-\(number)"
      number += 1
    }
    try DataFolder.createFolder(folder)
    return folder
  }

  /// Moves the database there, with log and shared memory. They must not be open in this process.
  ///
  /// The database goes first: a crash in between leaves a log without a database, which is noticed, and not a database
  /// without its log, which would open as an older one.
  func moveDatabase(to folder: String) throws(FileFailure) {
    for path in [files.database, files.log, files.sharedMemory] where DatabaseFiles.identity(of: path) != nil {
      let name = path.dropFirst(files.folder.count + 1)
      try DurableFile.moveDurably(from: path, to: "\(folder)/\(name)")
    }
  }
}
