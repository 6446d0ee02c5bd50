import CSQLite
import DurableFiles
import Migrations
import PersistenceMessages
import SQLiteConnection
import StudioState
import TestVFS

@testable import GenerationStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The operation of the store during which a call fails.
enum FaultScenario: String, CaseIterable, Sendable {
  case smallStore, keyframe, passiveCheckpoint, rest, opening, openingWithLog, creation, migration
  case replacement

  /// Whether the fault may come while the store opens.
  var failsAtOpening: Bool {
    switch self {
    case .opening, .openingWithLog, .creation, .migration: true
    default: false
    }
  }

  /// Whether what was stored before may end in quarantine, readable there, instead of in the new database.
  var mayMoveToQuarantine: Bool { self == .replacement }

  var migrator: Migrator {
    let more = Migration(number: 2, name: "more", sql: "CREATE TABLE more(x INTEGER) STRICT")
    return Migrator(migrations: self == .migration ? Migrations.all + [more] : Migrations.all)
  }

  var template: FaultTemplate {
    switch self {
    case .creation: .empty
    case .opening, .migration: .closed
    default: .withLog
    }
  }
}

/// A kind of call with the errors that fit it.
struct FaultKind: Sendable {
  var kind: FileCall.Kind
  var faults: [FileFault]

  // SQLite's extended codes are macros that Swift does not import.
  private static func io(_ number: Int32, _ systemError: Int32 = EIO, written: Int = 0) -> FileFault {
    FileFault(code: SQLITE_IOERR | (number << 8), systemError: systemError, bytesWritten: written)
  }

  static let all: [FaultKind] = [
    FaultKind(kind: .open, faults: [FileFault(code: SQLITE_CANTOPEN, systemError: EACCES)]),
    // IOERR_READ, IOERR_NOMEM.
    FaultKind(kind: .read, faults: [io(1), io(12)]),
    // FULL with and without a part of the write, IOERR_WRITE with EIO and for a file that became read-only.
    FaultKind(
      kind: .write,
      faults: [
        FileFault(code: SQLITE_FULL, systemError: ENOSPC), FileFault(code: SQLITE_FULL, bytesWritten: 300), io(3),
        io(3, EROFS, written: 12),
      ]),
    // IOERR_TRUNCATE.
    FaultKind(kind: .truncate, faults: [io(6)]),
    // IOERR_FSYNC.
    FaultKind(kind: .sync, faults: [io(4), io(4, ENOSPC)]),
    // IOERR_FSTAT.
    FaultKind(kind: .fileSize, faults: [io(7)]),
    // IOERR_LOCK.
    FaultKind(kind: .lock, faults: [FileFault(code: SQLITE_BUSY), io(15)]),
    // IOERR_SHMMAP, IOERR_SHMSIZE.
    FaultKind(kind: .shmMap, faults: [io(21), io(19, ENOSPC)]),
    // IOERR_SHMLOCK.
    FaultKind(kind: .shmLock, faults: [FileFault(code: SQLITE_BUSY), io(20)]),
    // IOERR_DELETE.
    FaultKind(kind: .delete, faults: [io(10)]),
    // IOERR_ACCESS.
    FaultKind(kind: .access, faults: [io(13, EACCES)]),
    // CANTOPEN_FULLPATH.
    FaultKind(kind: .fullPathname, faults: [FileFault(code: SQLITE_CANTOPEN | (3 << 8), systemError: ENOENT)]),
  ]
}

/// A database in a moment of its life, made once and copied for every run.
struct FaultTemplate: Sendable {
  var files: [String: [UInt8]]
  var states: [UInt64: StudioState]
  /// The sequence of the newest state.
  var newest: UInt64

  static let empty = FaultTemplate(files: [:], states: [:], newest: 0)
  static let closed = make(closes: true)
  static let withLog = make(closes: false)

  private static func make(closes: Bool) -> FaultTemplate {
    do {
      let fixture = try StoreFixture()
      fixture.options.keyframeInterval = 3
      let store = try fixture.open()
      var states: [UInt64: StudioState] = [:]
      var state = sampleState(layers: 3)
      for sequence: UInt64 in 1...5 {
        state = state.setting("layer-\(sequence % 3 + 1)", mix: Double(sequence) / 10)
        states[sequence] = state
        try store.put(state, sequence)
      }
      if closes { try store.close() }
      var files: [String: [UInt8]] = [:]
      for name in ["state.db", "state.db-wal", "head.json"] {
        files[name] = try DurableFile.read("\(fixture.folder)/\(name)", limit: 1 << 20)
      }
      return FaultTemplate(files: files, states: states, newest: 5)
    } catch {
      preconditionFailure("the template was not made: \(error)")
    }
  }
}
