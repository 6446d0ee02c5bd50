import DurableFiles
import GenerationStore
import PersistenceMessages
import Synchronization

/// A data folder that was opened and restored, before anything is written: the program looks at the restoration, makes its
/// state of it, and starts the writer (``start(snapshots:)``).
///
/// The order matters, and is the reason for this type: lock, count of starts, crash-loop guard, ladder, second folder,
/// marks, run record. A start that dies anywhere in between is counted, and finds at the next start what it found.
public struct OpenedSession: ~Copyable {
  public private(set) var restoration: Restoration
  let options: SessionOptions
  let locks: [FolderLock]
  let starts: StartCount
  let losses: LossBook
  /// A folder in quarantine whose search took longer than the start could wait.
  let overdueIncident: String?
  let program: SessionProgram
  let folder: String
  /// Nil once the writer has it.
  let store: Mutex<SessionStore?>
  /// This run's number in the database; nil when it could not be noted.
  let run: Int64?

  /// Opens the folder. Blocks for as long as the disk takes.
  ///
  /// - Parameters:
  ///   - folder: it is created when it is missing.
  ///   - makeProgram: called once this process has the folder and the start is counted: what it reads may end the process.
  ///   - reclaimed: called when the folder was moved or made again and this process has taken its lock again: what the
  ///     program keeps in it has to be written again. On the writer's thread.
  /// - Throws: when another process has the folder, or it can't be used at all. Damage is restored from, never thrown.
  public init(
    _ folder: String, _ options: SessionOptions, reclaimed: @escaping @Sendable () -> Void = {},
    makeProgram: () -> SessionProgram
  ) throws(SessionFailure) {
    let lock = try Self.takeFolder(folder, options)
    let second = try SecondFolder.take(options)
    // Before anything is read that could end the process.
    let starts = StartCount(folder: folder)
    let crashes = CrashLoop.look(
      folder, limit: options.crashLoopLimit, starts: starts.read(), boot: options.boot)
    starts.write(StartTally(starts: crashes.count + 1, boot: options.boot, limit: options.crashLoopLimit))

    let program = makeProgram()
    let storeOptions = Self.storeOptions(folder, program, options, lock, reclaimed)
    var opened = GenerationStore.openOrQuarantine(storeOptions, after: crashes.plan)
    // `options.notice` passed these on as they were found.
    let told = opened.reports
    var steps = RestorationSteps(program, crashes, folder: folder, second: second, options)
    let restoration = steps.run(on: &opened)
    for notice in restoration.notices where !told.contains(notice) { options.notice(notice) }
    losses = Self.noteLoss(restoration, opened, program, crashes, folder, options)
    overdueIncident = opened.isSalvageOverdue ? opened.quarantined : nil

    if restoration.origin == .recovery { opened.store.noteRecoveredState() }
    run = Self.beginRun(opened.store, restoration.generation, options)
    let failover = FailoverStore(first: opened.store, second: second.map { $0.options(like: storeOptions) })
    store = Mutex(SessionStore(failover, run: run))
    locks = [lock] + (second.map { [$0.lock] } ?? [])
    self.restoration = restoration
    self.options = options
    self.program = program
    self.folder = folder
    self.starts = starts
  }

  private static func takeFolder(
    _ folder: String, _ options: SessionOptions
  ) throws(SessionFailure) -> FolderLock {
    let lock: FolderLock
    do throws(FileFailure) {
      // The store prepares the folder again when it opens, and passes the warnings on.
      _ = try DataFolder.prepare(folder, allowUnsafeFileSystem: options.allowsUnsafeFileSystem)
    } catch {
      throw SessionFailure(error)
    }
    do throws(FolderLockFailure) {
      lock = try FolderLock(folder: folder, program: options.program)
      if let holder = options.otherHolder(folder) {
        lock.release()
        throw .held(by: holder, folder: folder)
      }
    } catch {
      throw SessionFailure(error)
    }
    DurableFile.removeLeftovers(in: folder)
    for name in options.folders { createFolder("\(folder)/\(name)", options) }
    return lock
  }

  /// A folder of the program's own. Nothing that is stored depends on it, so the session goes on without it, and what uses
  /// it later says why it can't.
  private static func createFolder(_ folder: String, _ options: SessionOptions) {
    do throws(FileFailure) {
      try DataFolder.createFolder(folder)
    } catch {
      options.notice("\(folder) can't be used until this is mended: \(error)")
    }
    DurableFile.removeLeftovers(in: folder)
  }

  private static func storeOptions(
    _ folder: String, _ program: SessionProgram, _ options: SessionOptions, _ lock: FolderLock,
    _ reclaimed: @escaping @Sendable () -> Void
  ) -> StoreOptions {
    var storeOptions = StoreOptions(program.reading, folder: folder, wallClock: options.time.unixMilliseconds)
    storeOptions.retention.newest = options.ring
    storeOptions.durability = options.durability
    storeOptions.boot = options.boot
    storeOptions.salvageBudget = options.salvageBudget
    storeOptions.uptime = options.time.uptime
    storeOptions.allowsUnsafeFileSystem = options.allowsUnsafeFileSystem
    storeOptions.notice = options.notice
    storeOptions.vfs = options.vfs
    storeOptions.claimFolder = { () throws(StoreFailure) in
      if try lock.claim() { reclaimed() }
    }
    return storeOptions
  }

  /// Records what is lost before the recovered state is stored, and announces it, as every start does until it is
  /// acknowledged.
  private static func noteLoss(
    _ restoration: Restoration, _ opened: OpenedStore, _ program: SessionProgram, _ crashes: CrashLoop,
    _ folder: String, _ options: SessionOptions
  ) -> LossBook {
    let losses = LossBook(folder: folder, rungs: program.rungs)
    do throws(FileFailure) {
      try losses.add(
        restoration.loss(
          in: folder, crashed: crashes.plan.isActing ? crashes.head : nil, quarantined: opened.quarantined,
          isBlank: program.isBlank(restoration.source),
          rungs: program.rungs, now: options.time.unixMilliseconds()))
    } catch {
      options.notice("the loss could not be recorded and will be tried again: \(error)")
    }
    if let open = losses.open {
      options.event(.lossFound(open))
      let tool = "afterimage --data-dir \(quoted(folder))"
      options.notice("\(open.lines.joined(separator: "; ")); when it is settled, type: \(tool) acknowledge")
    }
    return losses
  }

  private static func beginRun(_ store: GenerationStore, _ generation: Int64?, _ options: SessionOptions) -> Int64? {
    do throws(StoreFailure) {
      return try store.beginRun(generation: generation)
    } catch {
      options.notice("this run could not be noted in the database: \(error)")
      return nil
    }
  }
}
