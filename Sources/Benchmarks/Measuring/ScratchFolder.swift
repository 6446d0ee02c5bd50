import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder of its own on the disk of the current folder, not in /tmp, which may be memory; removed at the end.
final class ScratchFolder {
  let path: String

  init() throws(FileFailure) {
    let parent = ".build/benchmarks"
    try DataFolder.createFolder(parent)
    var template = Array("\(parent)/run-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw FileFailure(path: parent, call: "mkdtemp", code: errno) }
    path = String(cString: made)
  }

  deinit {
    Self.remove(path)
  }

  private static func remove(_ path: String) {
    for entry in (try? FolderListing.entries(of: path)) ?? [] {
      if unlink("\(path)/\(entry.name)") != 0 { remove("\(path)/\(entry.name)") }
    }
    rmdir(path)
  }
}
