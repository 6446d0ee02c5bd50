#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The steps that put new content in a file's place so that a reader, and a restart after a power cut at any moment,
/// finds the old content whole or the new content whole:
///
///     temp file in the same folder → write → fsync → close → rename over the name → fsync of the folder
///
/// The content is on disk before the name points to it. Until the folder is synced, the rename may be undone by a power
/// cut; that is why success is reported only then, and why a failure of the last step says nothing about which of the two
/// is there.
struct FileReplacement<Calls: FileCalls> {
  let calls: Calls

  /// Names tried when a killed process of the same id has left a temp file behind.
  private let maximumNames = 16

  func run(_ place: FilePlace, _ bytes: [UInt8]) throws(CallFailure) {
    let folder = try calls.openFolder(place.folder)
    // Nothing was written through this descriptor, so that its close has nothing to tell.
    defer { try? calls.close(folder) }
    let (temporary, file) = try createTemporary(in: folder)
    do throws(CallFailure) {
      try fill(file, with: bytes)
      try calls.rename(temporary, in: folder, to: place.name, in: folder)
    } catch {
      // When this fails too, the file stays and `DurableFile.removeLeftovers(in:)` takes it at the next start.
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

  /// Writes, syncs and closes. The descriptor is closed whatever happens.
  private func fill(_ file: Int32, with bytes: [UInt8]) throws(CallFailure) {
    do throws(CallFailure) {
      // The umask has no say in who may read the show.
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
