import BuiltInPackages
public import Concurrency
import Documents
import DurableFiles
public import DurableSessions
public import LiveRuntime
import PersistenceMessages
public import PersistencePipeline
public import PresetLibrary
public import RenderSnapshots
import StudioState
import Synchronization

/// The settings of a studio.
public struct StudioOptions: Sendable {
  /// The data folder.
  public var folder: String
  /// The folder of shader packages; nil for `packages` in the data folder.
  public var packagesFolder: String?
  /// Whether a new folder begins with the demo show.
  public var isDemo = false
  /// The number of readers of render snapshots; see ``StudioSession/frames(_:)``.
  public var readers = 1
  public var session = SessionOptions()

  public init(folder: String) {
    self.folder = folder
    session.program = "afterimage-studio"
  }
}

/// A show in memory that is kept durable: the runtime of a studio joined to a session. OSC, HTTP or the program itself
/// change the show through ``coordinator``, render and output read ``frames(_:)``, and the session stores the show in
/// the background.
///
/// Any thread may call. End it with ``close(within:)``.
public final class StudioSession: Sendable {
  public let coordinator: RuntimeCoordinator
  public let events: RuntimeEventBus
  public let presets: PresetLibrary
  /// The packages of the folder, and the rejected files.
  public let packages: PackageFolder.Reading
  /// The state with which the show began, and its source.
  public let restoration: Restoration
  public let session: RunningSession
  private let publisher: RenderSnapshotPublisher
  let time: SessionTime

  /// Interval between two polls for settled values: a tenth of the quiet time, which is not noticeable.
  private static let settlingInterval = Duration.milliseconds(50)

  /// Opens the folder, restores the show and starts the writer. Blocks for as long as the disk takes.
  ///
  /// - Parameters:
  ///   - events: receives the runtime's events.
  ///   - reclaimed: see ``OpenedSession``.
  public init(
    _ options: StudioOptions, events: RuntimeEventBus = RuntimeEventBus(),
    reclaimed: @escaping @Sendable () -> Void = {}
  ) throws(SessionFailure) {
    let presets = PresetLibrary(folder: DataFolderLayout(options.folder).presets)
    var sessionOptions = options.session
    sessionOptions.folders = ["presets", "packages"]
    var packages = PackageFolder.Reading(catalog: .empty, rejected: [])
    let opened = try OpenedSession(options.folder, sessionOptions, reclaimed: reclaimed) {
      packages = PackageFolder.read(options.packagesFolder ?? DataFolderLayout(options.folder).packages)
      let catalog = BuiltInPackages.catalog.merging(packages.catalog)
      return .studio(packages: catalog, presets: presets, isDemo: options.isDemo)
    }
    for rejection in packages.rejected {
      // A rejection without a file concerns the folder, and names it.
      options.session.notice(
        rejection.file.isEmpty ? rejection.problem : "packages/\(rejection.file): \(rejection.problem)")
    }
    let restoration = opened.restoration
    let (state, changes) = restoration.source.studioState
      .reconciled(with: BuiltInPackages.catalog.merging(packages.catalog))
    for change in changes { options.session.notice(change.description) }

    let snapshots = LatestValueMailbox<PersistenceSnapshot>()
    let session = opened.start(snapshots: snapshots)
    publisher = RenderSnapshotPublisher(readers: options.readers)
    coordinator = RuntimeCoordinator(
      state: state, sequence: restoration.sequence, snapshots: snapshots, publisher: publisher, events: events,
      requestPersistence: { session.writer.request($0) })
    self.session = session
    self.restoration = restoration
    self.events = events
    self.presets = presets
    self.packages = packages
    time = options.session.time
    storeRestoredState(state, options.session)
  }

  /// A state that is not the newest generation becomes one, so that it can be rolled back as well (invariant I7).
  private func storeRestoredState(_ state: StudioState, _ options: SessionOptions) {
    guard let origin = restoration.origin else { return }
    let reason = origin == .initial ? "demo" : "recovery from \(restoration.sourceName)"
    do throws(MutationRejection) {
      try coordinator.perform(
        [.replaceState(state, origin, reason: reason)], actor: "host", isForced: true, now: time.uptime())
    } catch {
      options.notice("the restored show could not be requested to be stored: \(error)")
    }
  }

  /// The reader of render snapshots with this number, for one renderer or output. Lock-free.
  public func frames(_ reader: Int = 0) -> RenderSnapshotReader { publisher.reader(reader) }

  /// Marks proven generations until the task is cancelled.
  public func prove() async {
    await session.prove { [coordinator] in
      let view = coordinator.view()
      return (StateDocuments(view.durable), view.sequence)
    }
  }

  /// Lets live values settle until the task is cancelled.
  public func settle() async {
    while !Task.isCancelled {
      coordinator.settle(now: time.uptime())
      await time.sleep(Self.settlingInterval)
    }
  }

  /// Ends the studio: refuses further changes, stores pending ones within `budget`, closes the folder.
  public func close(within budget: Duration) async -> SessionEnd {
    coordinator.stopAccepting()
    return await session.close(within: budget)
  }
}
