import CSQLite
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One thing that happened to the disk, or that the test noted in between.
package enum DiskEvent: Sendable {
  /// The name appeared in the folder, with an empty file behind it.
  case create(String)
  case write(String, offset: Int, bytes: [UInt8])
  case truncate(String, size: Int)
  /// - Parameter folderToo: whether the folder was synced after the file, as SQLite does once for a new journal or log.
  case sync(String, folderToo: Bool)
  /// A sync that reported an error: what it was to write may never reach the disk, whatever later syncs say.
  case failedSync(String)
  case delete(String, folderToo: Bool)
  /// Both names change in the folder.
  case rename(String, to: String)
  case syncFolder
  /// The power was lost: these files were found afterwards, and nothing else.
  case powerLoss([String: [UInt8]])
  /// A step of the test began, or had been acknowledged when this was noted.
  case began(step: Int)
  case acknowledged(step: Int)
  /// After a power loss the step turned out not to have happened.
  case abandoned(step: Int)
}

extension DiskEvent: CustomStringConvertible {
  package var description: String {
    switch self {
    case .create(let name): "create \(name)"
    case .write(let name, let offset, let bytes): "write \(name) at \(offset), \(bytes.count) bytes"
    case .truncate(let name, let size): "truncate \(name) to \(size)"
    case .sync(let name, let folderToo): "sync \(name)\(folderToo ? " and the folder" : "")"
    case .failedSync(let name): "sync \(name) fails"
    case .delete(let name, let folderToo): "delete \(name)\(folderToo ? " and sync the folder" : "")"
    case .rename(let name, let newName): "rename \(name) to \(newName)"
    case .syncFolder: "sync the folder"
    case .powerLoss(let files): "power loss, leaving \(files.keys.sorted().joined(separator: " "))"
    case .began(let step): "step \(step) begins"
    case .acknowledged(let step): "step \(step) is acknowledged"
    case .abandoned(let step): "step \(step) has not happened"
    }
  }
}

/// Records what SQLite does to the files of one folder, in order. Shared memory is left out: it is not durable.
package final class DiskRecorder: Sendable {
  private let log = Mutex(Log())

  private struct Log {
    var events: [DiskEvent] = []
    var names: Set<String> = []
    /// Files whose next sync syncs the folder too.
    var syncsFolder: Set<String> = []
    /// Syncs until the one that fails; nil: none does.
    var syncsBeforeFailure: Int?

    /// Counts a sync.
    mutating func isFailing() -> Bool {
      defer { if let others = syncsBeforeFailure { syncsBeforeFailure = others > 0 ? others - 1 : nil } }
      return syncsBeforeFailure == 0
    }
  }

  package init() {}

  package var events: [DiskEvent] { log.withLock { $0.events } }
  package var count: Int { log.withLock { $0.events.count } }

  package func note(_ event: DiskEvent) {
    log.withLock { $0.events.append(event) }
  }

  /// A sync of any file reports EIO and writes nothing: the next one, or that after `passing` others.
  package func failSync(passing others: Int = 0) {
    log.withLock { $0.syncsBeforeFailure = others }
  }

  /// For when it was not met.
  package func takeBackFailure() {
    log.withLock { $0.syncsBeforeFailure = nil }
  }

  /// Forgets what came after the first `count` events: there the power was lost, and `files` were found afterwards.
  package func losePower(after count: Int, leaving files: [String: [UInt8]]) {
    log.withLock { log in
      log.events.removeSubrange(count...)
      log.events.append(.powerLoss(files))
      log.names = Set(files.keys)
      log.syncsFolder = []
      log.syncsBeforeFailure = nil
    }
  }

  /// How a file is put in another one's place: for `StoreOptions.replaceFile`.
  package enum Replacement: Sendable {
    /// As `DurableFile.replace` does it, whose order its own tests show.
    case renamed
    /// Over the old content, as logs were renewed once: a control, which must lose something.
    case overwritten
  }

  /// Records a replacement of the file `name` and decides whether a sync in it fails.
  ///
  /// - Returns: whether it succeeds, and whether the new content is seen from now on.
  package func replace(_ name: String, with bytes: [UInt8], _ kind: Replacement) -> (succeeds: Bool, isSeen: Bool) {
    let copy = ".afterimage-tmp"
    switch kind {
    case .overwritten:
      for start in stride(from: 0, to: bytes.count, by: 64 << 10) {
        note(.write(name, offset: start, bytes: Array(bytes[start..<min(bytes.count, start + 64 << 10)])))
      }
      return (syncs(name), true)
    case .renamed:
      note(.create(copy))
      note(.write(copy, offset: 0, bytes: bytes))
      guard syncs(copy) else {
        note(.delete(copy, folderToo: false))
        return (false, false)
      }
      note(.rename(copy, to: name))
      guard syncs(nil) else { return (false, true) }
      return (true, true)
    }
  }

  /// - Parameter name: nil for the folder.
  private func syncs(_ name: String?) -> Bool {
    log.withLock { log in
      if log.isFailing() {
        if let name { log.events.append(.failedSync(name)) }
        return false
      }
      log.events.append(name.map { .sync($0, folderToo: false) } ?? .syncFolder)
      return true
    }
  }

  /// For ``ObservedVFS``.
  package func observe(_ call: FileCall) -> FileFault? {
    let name = call.name
    switch call.kind {
    case .open: opened(call, name)
    case .write: note(.write(name, offset: call.offset, bytes: call.bytes.map(Array.init) ?? []))
    case .truncate: note(.truncate(name, size: call.offset))
    case .sync: return synced(name)
    case .delete: deleted(call, name)
    case .close, .read, .fileSize, .lock, .shmMap, .shmLock, .access, .fullPathname, .sleep: break
    }
    return nil
  }

  /// The database file itself is created by the store before SQLite opens it.
  private func opened(_ call: FileCall, _ name: String) {
    let creates = call.flags & SQLITE_OPEN_CREATE != 0
    guard creates || exists(call.path) else { return }
    log.withLock { log in
      if log.names.insert(name).inserted { log.events.append(.create(name)) }
      // Of a file that may be new the unix VFS syncs the folder with the first sync (isNewJrnl in os_unix.c).
      if creates, call.flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL) != 0 {
        log.syncsFolder.insert(name)
      }
    }
  }

  private func synced(_ name: String) -> FileFault? {
    log.withLock { log in
      if log.isFailing() {
        log.events.append(.failedSync(name))
        return FileFault(code: Self.syncError, systemError: EIO)
      }
      log.events.append(.sync(name, folderToo: log.syncsFolder.remove(name) != nil))
      return nil
    }
  }

  private func deleted(_ call: FileCall, _ name: String) {
    guard exists(call.path) else { return }
    log.withLock { log in
      log.names.remove(name)
      log.events.append(.delete(name, folderToo: call.flags != 0))
    }
  }

  private func exists(_ path: String) -> Bool {
    var facts = stat()
    return lstat(path, &facts) == 0
  }

  /// SQLITE_IOERR_FSYNC, a macro that Swift does not import.
  private static let syncError = SQLITE_IOERR | (4 << 8)
}
