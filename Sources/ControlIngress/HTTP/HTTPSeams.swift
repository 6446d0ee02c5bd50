public import Concurrency
public import Documents
public import HealthReporting
public import LiveRuntime
public import StudioState

/// The HTTP interface's dependencies, which the host provides. Stores and files are behind protocols of this target, so
/// that the interface imports neither.
public struct HTTPSeams: Sendable {
  public var coordinator: RuntimeCoordinator
  public var events: RuntimeEventBus
  public var clock: ControlClock
  public var persistence: any PersistenceControl
  public var archive: any GenerationArchive
  public var presets: any PresetShelf
  /// Must not block, because operators use it to find out what blocks.
  public var health: @Sendable () -> HealthReport
  /// The frame on air as a PNG file; nil before the first one. Called on a thread that may compute for a while.
  public var preview: @Sendable () -> [UInt8]?
  /// `{"packages":[…],"rejected":[…]}`.
  public var packages: @Sendable () -> JSONValue
  /// A queue of the writer's events for one event stream; nil if there are too many.
  public var openPersistenceEvents: @Sendable () -> (any EventFeed)?
  /// Called with the status of each answer when its first byte is sent.
  public var countAnswer: @Sendable (Int) -> Void
  public var countMutations: MutationCount
  /// Durably acknowledges the recorded loss and returns it; null if there is none. Called on a thread that may wait for
  /// the disk.
  public var acknowledgeLoss: @Sendable () -> Result<JSONValue, ArchiveRejection>

  /// A state's picture at the show's first moment, as a PNG file; nil without a renderer. Called on a thread that may
  /// compute for a while.
  public var picture: @Sendable (StudioState) -> [UInt8]?

  public init(
    coordinator: RuntimeCoordinator, events: RuntimeEventBus, clock: ControlClock,
    persistence: any PersistenceControl, archive: any GenerationArchive, presets: any PresetShelf,
    health: @escaping @Sendable () -> HealthReport, preview: @escaping @Sendable () -> [UInt8]?,
    packages: @escaping @Sendable () -> JSONValue,
    openPersistenceEvents: @escaping @Sendable () -> (any EventFeed)? = { nil },
    countAnswer: @escaping @Sendable (Int) -> Void = { _ in },
    countMutations: @escaping MutationCount = { _, _ in },
    acknowledgeLoss: @escaping @Sendable () -> Result<JSONValue, ArchiveRejection> = { .success(.null) },
    picture: @escaping @Sendable (StudioState) -> [UInt8]? = { _ in nil }
  ) {
    self.coordinator = coordinator
    self.events = events
    self.clock = clock
    self.persistence = persistence
    self.archive = archive
    self.presets = presets
    self.health = health
    self.preview = preview
    self.packages = packages
    self.openPersistenceEvents = openPersistenceEvents
    self.countAnswer = countAnswer
    self.countMutations = countMutations
    self.acknowledgeLoss = acknowledgeLoss
    self.picture = picture
  }
}
