#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The steps that replace a file so that a reader, and a restart after a power cut at any moment, finds either the
/// complete old content or the complete new content:
///
///     temp file in the same folder → write → fsync → close → rename over the name → fsync of the folder
///
/// The content is on disk before the name refers to it. Until the folder is synced, a power cut may undo the rename.
/// Success is therefore reported only after that sync, and if it fails, either content may be on disk.
struct FileReplacement<Calls: FileCalls> {
  let calls: Calls

  /// Most names that are tried, in case a killed process with the same id has left temporary files.
  private let maximumNames = 16

  func run(_ place: FilePlace, _ bytes: [UInt8]) throws(CallFailure) {
    let folder = try calls.openFolder(place.folder)
    // Nothing was written through this descriptor, so an error of its close is meaningless.
    defer { try? calls.close(folder) }
    let (temporary, file) = try createTemporary(in: folder)
    do throws(CallFailure) {
      try fill(file, with: bytes)
      try calls.rename(temporary, in: folder, to: place.name, in: folder)
    } catch {
      // If this fails too, `DurableFile.removeLeftovers(in:)` removes the file at the next start.
      try? calls.unlink(temporary, in: folder)
      throw error
    }
    try calls.syncFolder(folder)
  }

  private func createTemporary(in folder: Int32) throws(CallFailure) -> (name: String, file: Int32) {
    for _ in 1..<maximumNames {
      let name = TemporaryName.next()
      do throws(CallFailure) {
        return (name, try calls.create(name, in: folder))
      } catch {
        if error.code != EEXIST { throw error }
      }
    }
    let name = TemporaryName.next()
    return (name, try calls.create(name, in: folder))
  }

  /// Writes, syncs and closes. The descriptor is closed in any case.
  private func fill(_ file: Int32, with bytes: [UInt8]) throws(CallFailure) {
    do throws(CallFailure) {
      // The umask must not determine who may read the show.
      try calls.setMode(file, 0o600)
      try write(bytes, to: file)
      try calls.sync(file)
    } catch {
      try? calls.close(file)
      throw error
    }
    try calls.close(file)
  }

  private func write(_ bytes: [UInt8], to file: Int32) throws(CallFailure) {
    var written = 0
    while written < bytes.count {
      do throws(CallFailure) {
        written += try calls.write(file, bytes[written...])
      } catch {
        if error.code != EINTR { throw error }
      }
    }
  }
}
