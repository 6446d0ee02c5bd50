public import PersistenceMessages

/// What the coordinator decided about an accepted mutation, or about several that were accepted as one.
public struct RuntimeCoordinatorResult: Sendable, Equatable {
  /// The durable sequence after the mutation; it has grown only when a request was made.
  public var sequence: UInt64
  /// The request that was made; nil when nothing durable changed hands.
  public var persistenceRequest: PersistenceRequest?

  public var persistenceRequested: Bool { persistenceRequest != nil }

  public init(sequence: UInt64, persistenceRequest: PersistenceRequest?) {
    self.sequence = sequence
    self.persistenceRequest = persistenceRequest
  }
}
