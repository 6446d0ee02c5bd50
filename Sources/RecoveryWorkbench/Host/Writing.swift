import Documents
import DurableFiles
import GenerationStore
import HostClient
import PersistenceMessages
import Studio
import StudioState

/// Who writes, for one command.
enum Writer {
  case host(RunningHost)
  case lock(FolderLock)
}

extension Workbench {
  static let program = "afterimage"

  /// The host if one runs, else the lock, which ends with its holder however that ends. The host comes first: its lock
  /// file may have been deleted, or may lie on a disk that can't be read any more.
  func writer() throws(ToolFailure) -> Writer {
    try Self.refuseClosed(folder)
    if let host = runningHost() { return .host(host) }
    do throws(FolderLockFailure) {
      return .lock(try FolderLock(folder: folder, program: Self.program))
    } catch {
      guard case .held(let holder, _) = error, let file = HostFile(folder: folder),
        holder.pid == nil || holder.pid == file.pid, let host = RunningHost(file)
      else { throw ToolFailure(error) }
      return .host(host)
    }
  }

  /// The caller holds the lock.
  func withStore<Value>(_ body: (GenerationStore) throws -> Value) throws(ToolFailure) -> Value {
    try explained {
      let store = try GenerationStore.open(storeOptions)
      let value: Value
      do {
        value = try body(store)
      } catch {
        try? store.close()
        throw error
      }
      // What is stored is durable before this; a log that can't be emptied now is read at the next start.
      try? store.close()
      return value
    }
  }

  private var storeOptions: StoreOptions {
    var options: StoreOptions =
      isOfAnotherProgram
      ? StoreOptions(.plain, folder: folder, wallClock: wallClock) : .studio(folder: folder, wallClock: wallClock)
    // Another `sqlite3` may hold the database for a moment; nobody waits for a frame here.
    options.busyTimeoutMilliseconds = 2000
    return options
  }

  /// Whether the folder holds the state of another program than the studio: its documents are taken as they are.
  var isOfAnotherProgram: Bool {
    guard let reader = try? reader() else { return false }
    defer { reader.close() }
    return reader.isOfAnotherProgram
  }

  /// Appends what `state` makes of the newest generation's number; stores nothing when that is nil.
  ///
  /// - Returns: the newest generation before and after.
  func append(
    _ origin: GenerationOrigin, reason: String, _ source: (Int64?) throws -> (any DocumentSource)?
  ) throws(ToolFailure) -> (from: Int64?, stored: Int64?) {
    try withStore { store in
      // Which generations may go is the host's business: its ring may be larger than the default.
      store.freezePruning()
      let from = store.head?.generation
      guard let source = try source(from) else { return (from, from) }
      let request = PersistenceRequest(
        target: .runtimeState, reason: reason, actor: Self.program, origin: origin, isForced: true,
        sequence: store.highWaterMark.sequence + 1)
      let snapshot = PersistenceSnapshot(source: source, request: request, requestCount: 1)
      return (from, try store.store(snapshot, requests: 1).generation)
    }
  }
}
