public import PersistenceMessages

/// The coordinator's decision about an accepted mutation or batch.
public struct RuntimeCoordinatorResult: Sendable, Equatable {
  /// The durable sequence after the mutation; it has grown only when a request was made.
  public var sequence: UInt64
  /// The request that was made; nil if nothing durable changed.
  public var persistenceRequest: PersistenceRequest?

  public var persistenceRequested: Bool { persistenceRequest != nil }

  public init(sequence: UInt64, persistenceRequest: PersistenceRequest?) {
    self.sequence = sequence
    self.persistenceRequest = persistenceRequest
  }
}
