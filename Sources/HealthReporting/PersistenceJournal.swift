public import PersistenceMessages

/// The writer's observations since the start, summed up. A value; the telemetry guards it.
public struct PersistenceJournal: Sendable, Equatable {
  public private(set) var stores: UInt64 = 0
  public private(set) var keyframes: UInt64 = 0
  public private(set) var storedBytes: UInt64 = 0
  public private(set) var storeDurations = DurationHistogram()
  /// Failed attempts, by code.
  public private(set) var failures: [StoreFailure.Code: UInt64] = [:]
  /// Outages that ended with a successful store.
  public private(set) var outages: UInt64 = 0
  public private(set) var outageTime: Duration = .zero

  public init() {}

  public mutating func add(_ observation: PersistenceObservation) {
    switch observation {
    case .storing, .stopped: break
    case .stored(let report):
      stores += 1
      keyframes += report.stored.isKeyframe ? 1 : 0
      storedBytes += UInt64(clamping: report.stored.bytes)
      storeDurations.add(report.duration)
    case .failed(let report): failures[report.failure.code, default: 0] += 1
    case .recovered(_, let outage):
      outages += 1
      outageTime += outage
    }
  }
}
