import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import Studio
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Brings a backup back into the data folder of a stopped host. Copying the file over `state.db` by hand leaves the old log
/// beside it.
///
/// The backup's newest generation is stored once more, above every number that was ever given in the folder, so that no
/// number names two states, and the next start misses nothing.
extension Workbench {
  /// - Parameter path: of a file that `backup` wrote, or of another whole database.
  public func restore(_ path: String) throws(ToolFailure) -> Answer {
    guard let file = FileFacts(path) else { throw ToolFailure(.noInput, "There is no file \(path).") }
    guard file.isRegularFile else { throw ToolFailure(.noInput, "\(path) is not a regular file.") }
    try explained { try DataFolder.createFolder(folder) }
    try refuseOwnDatabase(path)
    let lock: FolderLock
    do throws(FolderLockFailure) {
      lock = try FolderLock(folder: folder, program: Self.program)
    } catch {
      throw ToolFailure(error)
    }
    defer { lock.release() }
    return try explained {
      let source = try Self.wholeDatabase(path)
      defer { source.close() }
      let place = RestorePlace(folder: folder)
      defer { place.remove() }
      let stored = try place.build(from: source, named: path, wallClock)
      let exchange = DatabaseExchange(folder: folder, wallClock: wallClock)
      let kept = try exchange.run(place.finished, upTo: stored)
      return restored(path, stored, kept)
    }
  }

  private func refuseOwnDatabase(_ path: String) throws(ToolFailure) {
    var given = stat()
    var own = stat()
    guard stat(path, &given) == 0, stat(databasePath, &own) == 0, given.st_dev == own.st_dev, given.st_ino == own.st_ino
    else { return }
    throw ToolFailure(.usage, "\(path) is the database of \(folder) itself. Name a backup.")
  }

  /// Opens it after checking all of it.
  private static func wholeDatabase(_ path: String) throws -> GenerationReader {
    let reader = try GenerationReader.open(.studio, databasePath: path, leavingNoTrace: true)
    do {
      guard !reader.isNewerSchema else {
        throw ToolFailure(.config, "\(path) was written by a newer Afterimage. Restore it with that version.")
      }
      let generations = try reader.list()
      guard !generations.isEmpty else { throw ToolFailure(.corruptInput, "\(path) holds no generation.") }
      var problems = try reader.integrityProblems()
      for summary in generations { problems += try reader.verify(summary.generation).map(\.description) }
      guard problems.isEmpty else {
        let first = problems.prefix(3).joined(separator: "; ")
        throw ToolFailure(
          .corruptInput,
          "\(path) is damaged, and nothing was changed: \(first). What is whole in it can be read with: "
            + "afterimage salvage \(path) --to DIR")
      }
      return reader
    } catch {
      reader.close()
      throw error
    }
  }

  private func restored(_ path: String, _ stored: StoredGeneration, _ kept: String?) -> Answer {
    Answer(
      [
        "file": .string(path), "stored": .int(stored.generation), "quarantine": kept.map { .string($0) } ?? .null,
      ],
      lines: [
        "\(path) was restored; its newest generation is stored as \(stored.generation)",
        kept.map { "what was there is in \($0)" } ?? "there was no database before",
      ],
      notices: ["A show's presets and packages are files of their own: copy those folders too."])
  }
}

/// A folder within the data folder in which the new database is built.
private struct RestorePlace {
  private let folder: String
  var finished: String { "\(folder)/restored.db" }
  private var building: String { DataFolderLayout(folder).database }

  init(folder: String) {
    self.folder = "\(folder)/.restore-\(getpid())"
  }

  /// Copies the database, stores its newest state again, and copies the result into one file.
  func build(
    from source: GenerationReader, named path: String, _ wallClock: @escaping @Sendable () -> Int64
  ) throws -> StoredGeneration {
    remove()
    try DataFolder.createFolder(folder)
    try source.backUp(to: building)
    // Numbers go on above those that were given in the data folder.
    if let bytes = try? DurableFile.read(DataFolderLayout("\(folder)/..").head, limit: 4096) {
      try DurableFile.replace(DataFolderLayout(folder).head, with: bytes)
    }
    let stored = try appendNewest(of: source, named: path, wallClock)
    let reader = try GenerationReader.open(.studio, databasePath: building, leavingNoTrace: true)
    defer { reader.close() }
    guard try reader.verify(stored.generation).isEmpty else {
      throw ToolFailure(.io, "The restored copy can't be read again, and nothing was changed. Check the disk.")
    }
    try reader.backUp(to: finished)
    return stored
  }

  private func appendNewest(
    of source: GenerationReader, named path: String, _ wallClock: @escaping @Sendable () -> Int64
  ) throws -> StoredGeneration {
    guard let head = try source.head() else { throw ToolFailure(.corruptInput, "\(path) holds no generation.") }
    let newest = try source.load(head.generation).source
    var options = StoreOptions.studio(folder: folder, wallClock: wallClock)
    // The data folder's file system was accepted by its host.
    options.allowsUnsafeFileSystem = true
    let store = try GenerationStore.open(options)
    do {
      store.freezePruning()
      let request = PersistenceRequest(
        target: .runtimeState, reason: "restore of \(path.split(separator: "/").last ?? "a backup")",
        actor: Workbench.program, origin: .import, isForced: true, sequence: store.highWaterMark.sequence + 1)
      let stored = try store.store(PersistenceSnapshot(source: newest, request: request, requestCount: 1), requests: 1)
      try store.close()
      return stored
    } catch {
      try? store.close()
      throw error
    }
  }

  func remove() {
    Self.remove(folder, depth: 4)
  }

  /// With what a change of the schema put into its own quarantine; the backup is still there.
  private static func remove(_ folder: String, depth: Int) {
    for entry in (try? FolderListing.entries(of: folder)) ?? [] {
      let path = "\(folder)/\(entry.name)"
      if unlink(path) != 0, depth > 0 { remove(path, depth: depth - 1) }
    }
    rmdir(folder)
  }
}
