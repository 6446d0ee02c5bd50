public import Concurrency
public import PersistenceMessages
public import PresetLibrary
public import StudioState
import Synchronization

/// The owner of the durable state and of its serialization (invariant I3). It knows nothing of when or how the state
/// reaches the disk: the writer takes the newest snapshot from ``snapshots`` whenever it wants to.
public final class RuntimeStore: Sendable {
  public struct Durable: Sendable {
    public var state: StudioState
    /// Grows by one with every durable mutation.
    public var sequence: UInt64
    /// Durable mutations accepted by this process.
    var requestCount: UInt64 = 0
  }

  /// The newest snapshot for the writer. The writer's side takes no lock, so nothing that it does can hold up a
  /// mutation (invariant I1).
  public let snapshots = LatestValueMailbox<PersistenceSnapshot>()
  public let presets: PresetLibrary
  private let durable: Mutex<Durable>

  /// - Parameter sequence: the highest sequence ever given to this show; the next mutation gets the one after it.
  public init(state: StudioState, sequence: UInt64, presets: PresetLibrary) {
    durable = Mutex(Durable(state: state, sequence: sequence))
    self.presets = presets
  }

  public var current: Durable { durable.withLock { $0 } }

  /// The durable state as one canonical JSON text.
  public var serialized: [UInt8] {
    let current = current
    return CanonicalJSON.encode(current.state.json(sequence: current.sequence))
  }

  /// Makes `state` the durable one under the next sequence and publishes it for the writer. Only the coordinator calls
  /// this, with its own lock held, so that no two commits are built on the same state.
  func commit(_ state: StudioState, request make: (_ sequence: UInt64) -> PersistenceRequest) -> PersistenceRequest {
    durable.withLock { durable in
      durable.state = state
      durable.sequence += 1
      durable.requestCount += 1
      let request = make(durable.sequence)
      snapshots.publish(
        PersistenceSnapshot(state: state, request: request, requestCount: durable.requestCount))
      return request
    }
  }

  /// Writes the durable layers as a preset; returns once the file is on disk. Blocks on the disk: not for the hot path.
  public func savePreset(_ name: String) throws(PresetProblem) {
    try presets.save(name, current.state)
  }

  /// Reads a preset against the packages of now. Blocks on the disk. Nothing changes until the state is handed to the
  /// coordinator.
  public func preset(_ name: String) throws(PresetProblem) -> StudioState {
    let state = current.state
    return try presets.load(name, packages: state.packages, config: state.config)
  }
}
