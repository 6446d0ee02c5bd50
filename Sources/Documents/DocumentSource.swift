/// A type-erased state: writer and store use its documents and need not be generic. Immutable. Holding a source retains
/// the state.
public protocol DocumentSource: Sendable {
  /// The whole state, in any order; keys are unique.
  var documents: [Document] { get }

  /// The differences from `earlier`; nil if the two have different types, so that all documents must be compared.
  func documentsChanged(since earlier: any DocumentSource) -> DocumentChanges?

  /// See ``DurableState/storable(over:)``.
  func storable(over earlier: (any DocumentSource)?) -> (source: any DocumentSource, heldBack: [HeldBack])

  var itemCount: Int { get }
}

/// A program's state as a source of documents.
public struct StateDocuments<State: DurableState>: DocumentSource {
  public let state: State

  public init(_ state: State) { self.state = state }

  public var documents: [Document] { state.documents }
  public var itemCount: Int { state.itemCount }

  public func documentsChanged(since earlier: any DocumentSource) -> DocumentChanges? {
    (earlier as? Self).map { state.documentsChanged(since: $0.state) }
  }

  public func storable(over earlier: (any DocumentSource)?) -> (source: any DocumentSource, heldBack: [HeldBack]) {
    let storable = state.storable(over: (earlier as? Self)?.state)
    return (storable.heldBack.isEmpty ? self : Self(storable.state), storable.heldBack)
  }
}

/// Documents of a state whose type is unknown, as they were read. For tools.
public struct PlainDocuments: DocumentSource {
  public let documents: [Document]

  public init(_ documents: [Document]) { self.documents = documents }

  public var itemCount: Int { documents.count }

  public func documentsChanged(since earlier: any DocumentSource) -> DocumentChanges? { nil }

  public func storable(over earlier: (any DocumentSource)?) -> (source: any DocumentSource, heldBack: [HeldBack]) {
    (self, [])
  }
}
