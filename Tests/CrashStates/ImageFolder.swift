import DurableFiles
import GenerationStore
import SQLiteConnection
import Studio
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A data folder that is filled repeatedly; in memory if the system has a tmpfs.
final class ImageFolder: Sendable {
  let root: String
  /// The data folder.
  var path: String { "\(root)/data" }
  var database: String { "\(path)/state.db" }

  init() throws {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/afterimage-crash-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw WorkloadFailure(description: "no folder could be made in \(parent): errno \(errno)")
    }
    root = String(cString: made)
  }

  deinit {
    Self.remove(root)
  }

  /// Leaves these files in the data folder, and nothing else.
  func fill(with files: [String: [UInt8]]) {
    if access(path, F_OK) != 0 { mkdir(path, 0o700) }
    for entry in (try? FolderListing.entries(of: path)) ?? [] where files[entry.name] == nil {
      if unlink("\(path)/\(entry.name)") != 0 { Self.remove("\(path)/\(entry.name)") }
    }
    for (name, bytes) in files { Self.write(bytes, to: "\(path)/\(name)") }
  }

  /// Without a sync: it is an image of a crash, not the real thing.
  private static func write(_ bytes: [UInt8], to path: String) {
    // A file that SQLite made may have another mode.
    unlink(path)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { preconditionFailure("\(path) can't be created: errno \(errno)") }
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { preconditionFailure("\(path) can't be written: errno \(errno)") }
      written += count
    }
  }

  /// Whether something was moved to quarantine.
  var hasQuarantine: Bool { access("\(path)/quarantine", F_OK) == 0 }

  /// What the database here holds; nothing when there is none.
  var found: ExpectedShow {
    guard let reader = try? GenerationReader.open(.studio, databasePath: database) else { return ExpectedShow() }
    defer { reader.close() }
    return (try? ExpectedShow(reader)) ?? ExpectedShow()
  }

  private static func remove(_ path: String) {
    for entry in (try? FolderListing.entries(of: path)) ?? [] {
      if unlink("\(path)/\(entry.name)") != 0 { remove("\(path)/\(entry.name)") }
    }
    rmdir(path)
  }
}
