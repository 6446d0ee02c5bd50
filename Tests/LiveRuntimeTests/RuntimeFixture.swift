import BuiltInPackages
import Concurrency
import LiveRuntime
import PersistenceMessages
import RenderSnapshots
import StudioState
import Synchronization
import Testing

/// A coordinator over the demo show, with all its events recorded.
final class RuntimeFixture {
  let coordinator: RuntimeCoordinator
  let events = RuntimeEventBus()
  let snapshots = LatestValueMailbox<PersistenceSnapshot>()
  private let requestLog: RequestLog
  private var reader: RenderSnapshotReader

  init(_ state: StudioState = BuiltInPackages.demoState, sequence: UInt64 = 100) {
    let requestLog = RequestLog()
    let publisher = RenderSnapshotPublisher(readers: 1)
    self.requestLog = requestLog
    reader = publisher.reader(0)
    coordinator = RuntimeCoordinator(
      state: state, sequence: sequence, snapshots: snapshots, publisher: publisher, events: events,
      requestPersistence: { requestLog.append($0) })
  }

  var requests: [PersistenceRequest] { requestLog.all }
  var onAir: RenderSnapshot? { reader.newest() }

  @discardableResult
  func perform(_ mutations: Mutation..., at now: Duration = .zero) throws -> RuntimeCoordinatorResult {
    try coordinator.perform(mutations, actor: "test", now: now)
  }

  /// What is on air of a parameter.
  func effective(_ layer: LayerID, _ parameter: String) -> ParameterValue? {
    coordinator.view().effective[layer]?.parameters[parameter]
  }

  func durable(_ layer: LayerID, _ parameter: String) -> ParameterValue? {
    coordinator.view().durable.layers[layer]?.parameters[parameter]
  }
}

final class RequestLog: Sendable {
  private let log = Mutex<[PersistenceRequest]>([])

  var all: [PersistenceRequest] { log.withLock { $0 } }
  func append(_ request: PersistenceRequest) { log.withLock { $0.append(request) } }
}

func layerID(_ text: String) -> LayerID {
  guard let id = LayerID(text) else { preconditionFailure("\(text) is no layer id") }
  return id
}

func packageID(_ text: String) -> PackageID {
  guard let id = PackageID(text) else { preconditionFailure("\(text) is no package id") }
  return id
}

let plasma = layerID("plasma")
let bars = layerID("bars")
