import GenerationStore
import PersistenceMessages
import StudioState

/// How a life of the host ended.
enum HostEnding: String {
  /// After a shutdown, with whatever it could store.
  case exited
  /// kill -9: what is in memory is gone.
  case killed
  /// The same, and what was not synced is gone too.
  case powerLost
}

/// The storage model: what is durable, what is only visible, and what a start finds of it.
///
/// A commit that says OK is synced. One that says an error may be visible all the same, and durable or not. A sync
/// covers everything before it, as a log's does.
final class Disk {
  /// The content that programs see.
  private(set) var visible = DiskImage()
  /// What outlasts the power.
  private(set) var durable = DiskImage()
  /// Highest numbers that were ever acknowledged.
  private(set) var highWater: (generation: Int64, sequence: UInt64) = (0, 0)
  /// Every generation ever written, for comparison: the history that must not change.
  private(set) var witnesses: [Int64: StoredShow] = [:]
  /// Starts and boots.
  private(set) var boots = Boots()
  /// `loss.json`: replaced durably.
  private(set) var loss: LossRecord?
  /// Whether a start has lost something since the last acknowledgement. Kept apart from `loss`, for comparison.
  private(set) var hasUnseenLoss = false
  /// The same for a recovered show that shows nothing.
  private(set) var hasDarkRecovery = false
  /// The program's own last rungs, as the studio has them.
  static let rungs = [
    ProgramRung("layersOff", blankState: .isHeldUntilShown), ProgramRung("empty", blankState: .isHeldUntilAcknowledged),
  ]
  private let scenario: Scenario
  private var random: SeededRandom

  init(scenario: Scenario, random: SeededRandom) {
    self.scenario = scenario
    self.random = random
  }

  // Commits.

  enum Commit {
    case stored(StoredGeneration, pruned: [Int64])
    /// The sequence runs backwards or stands for two states.
    case broken(String)
  }

  /// One transaction.
  ///
  /// - Parameter isSynced: whether it is on the disk when this returns.
  func commit(_ snapshot: PersistenceSnapshot, wallUnixMs: Int64, isSynced: Bool) -> Commit {
    defer { if isSynced { durable = visible } }
    if let head = visible.head, head.sequence >= snapshot.sequence {
      guard head.sequence == snapshot.sequence, head.state == snapshot.state(as: StudioState.self) else {
        return .broken("sequence \(snapshot.sequence) comes after \(head.sequence), with another state")
      }
      return .stored(stored(head, wallUnixMs), pruned: [])
    }
    let number = max(highWater.generation, visible.head?.generation ?? 0) + 1
    let show = StoredShow(
      generation: number, sequence: snapshot.sequence, state: snapshot.state(as: StudioState.self) ?? StudioState())
    witnesses[number] = show
    let pruned = visible.append(
      show, storedAtUnixMs: wallUnixMs, keyframes: KeyframePolicy(interval: scenario.keyframeInterval),
      pruning: PruningPolicy(
        retention: scenario.retention, byteBound: scenario.byteBound, frozenThrough: visible.frozenThrough))
    return .stored(stored(show, wallUnixMs), pruned: pruned)
  }

  func noteAcknowledged(_ stored: StoredGeneration) {
    highWater = (max(highWater.generation, stored.generation), max(highWater.sequence, stored.sequence))
  }

  private func stored(_ show: StoredShow, _ wallUnixMs: Int64) -> StoredGeneration {
    StoredGeneration(
      generation: show.generation, sequence: show.sequence, bytes: 300, storedAtUnixMs: wallUnixMs, isKeyframe: false)
  }

  /// A mark, a pin: a transaction of its own. False when the generation is not there.
  func mark(_ generation: Int64, _ change: (inout DiskImage) -> Void) -> Bool {
    guard visible.ring[generation] != nil else { return false }
    change(&visible)
    durable = visible
    return true
  }

  /// The run has lasted for the proving time.
  func noteHealthyRun() {
    boots.noteHealthy(limit: scenario.crashLoopLimit)
  }

  func acknowledgeLoss(_ record: LossRecord?) {
    loss = record
    hasUnseenLoss = false
    if record?.blank == "empty" { hasDarkRecovery = false }
  }

  /// Something that shows was proven.
  func noteProven(_ record: LossRecord?) {
    loss = record
    hasDarkRecovery = false
  }

  // Ends and starts.

  func end(_ ending: HostEnding, wasLoaded: Int64?) {
    if ending == .powerLost { visible = durable }
    if ending == .exited { boots.noteHealthy(limit: scenario.crashLoopLimit) }
    boots.end(ending, keepsUnsynced: random.chance(0.5))
    guard ending != .exited, random.chance(scenario.damage) else { return }
    let count = random.chance(0.1) ? visible.ring.entries.count : random.within(1...2)
    let losesManifest = random.chance(0.5)
    for entry in visible.ring.entries.suffix(count) {
      visible.damage(entry.generation, losesManifest: losesManifest)
    }
  }

  /// What a start goes on air with.
  struct Opening {
    /// Nil when nothing can be read, or nothing was ever stored.
    var show: StoredShow?
    var sequence: UInt64
    /// Whether it is anything else than the newest generation.
    var isFallback: Bool
    /// Whether the guard against crash loops chose it.
    var isAfterCrashLoop: Bool
    /// Whether that switched all layers off.
    var isDarkened: Bool
    /// How often the host has crashed since it last ran for a while.
    var trueCrashes: Int
    var description: String
  }

  /// A small model of the recovery ladder and of the guard against crash loops. A loss is written down, with a sync,
  /// before the show is on air.
  func open() -> Opening {
    let newest = visible.head
    let trueCrashes = boots.trueCrashes
    let crashes = boots.start(limit: scenario.crashLoopLimit)
    var readable = visible.ring.entries.map(\.generation).filter { !visible.damaged.contains($0) }
    var words = newest == nil ? "empty disk" : "newest generation"
    let proven = generationAfterCrashes(crashes)
    if let proven {
      readable.removeAll { $0 > proven }
      words = "crash loop: generation \(proven)"
    }
    var show = readable.last.flatMap { visible.shows[$0] }
    var isFallback = newest != nil && show !== newest
    let isDarkened = proven == nil && crashes >= scenario.crashLoopLimit && isHopeless(crashes)
    if isDarkened, let lit = show {
      words = "crash loop: all layers off"
      show = StoredShow(generation: lit.generation, sequence: lit.sequence, state: lit.state.withLayersOff)
      isFallback = true
    }
    if isFallback {
      visible.freeze(through: max(highWater.generation, newest?.generation ?? 0))
      if show == nil { words = "nothing readable" } else if !words.hasPrefix("crash") { words = "an older generation" }
    }
    durable = visible
    if isFallback { noteLoss(words, show, isDarkened: isDarkened) }
    let sequence = max(highWater.sequence, show?.sequence ?? 0, newest?.sequence ?? 0)
    let numbers = "generation \(show?.generation ?? 0), sequence \(sequence)"
    return Opening(
      show: show, sequence: sequence, isFallback: isFallback, isAfterCrashLoop: proven != nil || isDarkened,
      isDarkened: isDarkened, trueCrashes: trueCrashes, description: "\(words), \(numbers)")
  }

  private func noteLoss(_ words: String, _ show: StoredShow?, isDarkened: Bool) {
    let blank = isDarkened ? "layersOff" : show == nil ? "empty" : nil
    let rung = blank ?? (words.hasPrefix("crash") ? "proven" : "older")
    let found = LossRecord(at: "then", rung: rung, lost: [words], command: "doctor", blank: blank)
    loss = LossRecord.after(start: found, recorded: loss, rungs: Self.rungs)
    hasUnseenLoss = true
    if blank != nil { hasDarkRecovery = true }
  }

  /// Whether the guard has nothing better than a dark show: nothing was ever proven, or the proven one loops too.
  private func isHopeless(_ crashes: Int) -> Bool {
    visible.ring.newestProven == nil || crashes >= 2 * scenario.crashLoopLimit
  }

  /// The rule of the host's `CrashLoopGuard`.
  private func generationAfterCrashes(_ crashes: Int) -> Int64? {
    guard crashes >= scenario.crashLoopLimit, crashes < 2 * scenario.crashLoopLimit,
      let proven = visible.ring.newestProven, let newest = visible.ring.newest, !newest.isProven,
      !visible.damaged.contains(proven), crashes == scenario.crashLoopLimit || !isCopyStored(of: proven)
    else { return nil }
    return proven
  }

  /// Whether the proven show was stored again since it was loaded: then the newest one is not what crashed before.
  private func isCopyStored(of proven: Int64) -> Bool {
    guard let head = visible.head, let show = visible.shows[proven] else { return false }
    return head.state == show.state
  }
}

extension StudioState {
  fileprivate var withLayersOff: StudioState {
    var state = self
    for layer in layers where layer.isEnabled { state.layers.replace(layer.with(isEnabled: false)) }
    return state
  }
}
