import BuiltInPackages
import Concurrency
import ControlIngress
import DurableFiles
import GenerationStore
import HealthReporting
import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import PresetLibrary
import RecoveryWorkbench
import RenderSnapshots
import Studio
import StudioState
import VideoOutput

/// The way from a data folder to a wired host: prepare, lock, read packages, restore the show, start the writer.
enum HostStart {
  static func start(_ settings: HostSettings, journal: Journal) throws(HostFailure) -> (
    host: StudioHost, locks: [FolderLock]
  ) {
    let lock = try takeFolder(settings)
    let second = try SecondFolder.take(settings, journal)
    // Before anything is read that could end the process.
    let starts = StartCount(folder: settings.dataFolder)
    let crashes = CrashLoop.look(settings, starts: starts.read())
    starts.write(crashes.count + 1)
    let packages = PackageFolder.read(settings.packagesFolder)
    let catalog = BuiltInPackages.catalog.merging(packages.catalog)
    let presets = PresetLibrary(folder: "\(settings.dataFolder)/presets")
    let events = RuntimeEventBus()
    journal.start(events: events)
    for rejection in packages.rejected {
      // Without a file it is about the folder, and names it.
      journal.tell(rejection.file.isEmpty ? rejection.problem : "packages/\(rejection.file): \(rejection.problem)")
    }

    let record = HostRecord(folder: settings.dataFolder)
    let options = storeOptions(settings, lock, record, journal)
    var opened = GenerationStore.openOrQuarantine(options, from: crashes.generation)
    // `options.notice` passed these on as they were found.
    let told = opened.reports
    // What the guard chose is not replaced by what may be newer and deadly.
    opened.restoreNewer(
      given: second?.path, record: Elsewhere(dataFolder: settings.dataFolder), takesNewer: !crashes.isActing)
    second?.note(in: settings.dataFolder, journal)
    var restoration = Restoration.restore(
      opened, highWaterMark: opened.store.highWaterMark, packages: catalog, presets: presets, isDemo: settings.isDemo)
    crashes.apply(to: &restoration, opened.store, journal)
    for notice in restoration.notices where !told.contains(notice) { journal.tell(notice) }

    opened.store.isFallbackUnstored = restoration.origin == .recovery
    let run = beginRun(opened.store, restoration.generation, journal)
    let telemetry = HealthTelemetry(
      version: StudioHost.version, startedAtUnixMs: SystemTime.unixMilliseconds(),
      policy: HealthPolicy(maxDelay: settings.maxDelay))
    let feeds = EventFeeds()
    let snapshots = LatestValueMailbox<PersistenceSnapshot>()
    let reports = ObservationReports(journal: journal, feeds: feeds, telemetry: telemetry)
    let writer = PersistenceWriter(
      policy: PersistencePolicy(debounce: settings.debounce, maxDelay: settings.maxDelay),
      start: .init(
        sequence: restoration.sequence, generation: restoration.generation, storedAtUnixMs: restoration.storedAtUnixMs),
      store: HostStore(FailoverStore(first: opened.store, second: second.map { $0.options(like: options) }), run: run),
      snapshots: snapshots, clock: SystemTime.uptime,
      observe: reports.report)
    let publisher = RenderSnapshotPublisher(readers: 1)
    let coordinator = RuntimeCoordinator(
      state: restoration.state, sequence: restoration.sequence, snapshots: snapshots, publisher: publisher,
      events: events, requestPersistence: { writer.request($0) })
    storeRestoredState(restoration, coordinator, journal)
    noteRecovery(restoration, telemetry)
    let host = StudioHost(
      settings: settings, journal: journal, record: record, events: events, feeds: feeds, telemetry: telemetry,
      coordinator: coordinator, presets: presets, writer: writer,
      video: SimulatedDeckLinkOutput(snapshots: publisher.reader(0)),
      packages: packages, restoration: restoration, starts: starts, run: run)
    CrashTestPackage.abortIfLoaded(in: restoration.state, settings)
    return (host, [lock] + (second.map { [$0.lock] } ?? []))
  }

  private static func takeFolder(_ settings: HostSettings) throws(HostFailure) -> FolderLock {
    let lock: FolderLock
    do throws(FileFailure) {
      // The store prepares the folder again when it opens, and passes the warnings on.
      _ = try DataFolder.prepare(settings.dataFolder, allowUnsafeFileSystem: settings.allowsNetworkFileSystem)
    } catch {
      throw HostFailure(error)
    }
    do throws(FolderLockProblem) {
      lock = try FolderLock(folder: settings.dataFolder, program: "afterimage-host")
      if let holder = LivingHost.holder(of: settings.dataFolder) {
        lock.release()
        throw .held(by: holder, folder: settings.dataFolder)
      }
    } catch {
      throw HostFailure(error)
    }
    do throws(FileFailure) {
      try DataFolder.createFolder("\(settings.dataFolder)/presets")
      try DataFolder.createFolder("\(settings.dataFolder)/packages")
    } catch {
      throw HostFailure(error)
    }
    DurableFile.removeLeftovers(in: settings.dataFolder)
    DurableFile.removeLeftovers(in: "\(settings.dataFolder)/presets")
    return lock
  }

  private static func storeOptions(
    _ settings: HostSettings, _ lock: FolderLock, _ record: HostRecord, _ journal: Journal
  ) -> StoreOptions {
    var options = StoreOptions.studio(folder: settings.dataFolder, wallClock: SystemTime.unixMilliseconds)
    options.retention.newest = settings.ring
    options.durability = settings.durability
    options.allowsUnsafeFileSystem = settings.allowsNetworkFileSystem
    options.notice = { journal.tell($0) }
    options.claimFolder = { () throws(StoreFailure) in
      guard try lock.claim() else { return }
      do throws(FileFailure) {
        try record.writeAgain()
      } catch {
        journal.tell(record.words(for: error))
      }
    }
    return options
  }

  private static func beginRun(_ store: GenerationStore, _ generation: Int64?, _ journal: Journal) -> Int64? {
    do throws(StoreFailure) {
      return try store.beginRun(generation: generation)
    } catch {
      journal.tell("this run could not be noted in the database: \(error)")
      return nil
    }
  }

  /// A state that is not the newest generation becomes one, so that it can be rolled back as well (invariant I7).
  private static func storeRestoredState(
    _ restoration: Restoration, _ coordinator: RuntimeCoordinator, _ journal: Journal
  ) {
    guard let origin = restoration.origin else { return }
    let reason = origin == .initial ? "demo" : "recovery from \(restoration.source)"
    do throws(MutationRefusal) {
      try coordinator.perform(
        [.replaceState(restoration.state, origin, reason: reason)], actor: "host", isForced: true,
        now: SystemTime.uptime())
    } catch {
      journal.tell("the restored show could not be requested to be stored: \(error)")
    }
  }

  private static func noteRecovery(_ restoration: Restoration, _ telemetry: HealthTelemetry) {
    guard restoration.origin == .recovery || !restoration.lost.isEmpty else { return }
    telemetry.setRecovered(from: restoration.source, rung: restoration.rung, lost: restoration.lost)
  }
}
