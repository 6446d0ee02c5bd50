public import Documents
public import GenerationStore
public import PersistenceMessages
import Studio
import StudioState

// Questions about stored generations: each answered by one function, for the tool and for the host's HTTP interface.

/// Why a generation that was named can't be given.
public enum GenerationLookupFailure: Error, Sendable {
  /// There is none of that name among those that are kept.
  case unknown(String, database: String)
  case unreadable(GenerationReadFailure)
  case store(StoreFailure)
}

extension GenerationReader {
  /// The number of the generation that `selector` names now.
  public func resolve(_ selector: GenerationSelector) throws(GenerationLookupFailure) -> Int64 {
    guard let number = selector.resolve(in: try kept()) else {
      throw .unknown(selector.description, database: databasePath)
    }
    return number
  }

  /// - Parameter reference: as people write it; a text that can name no generation is an unknown one.
  public func resolve(_ reference: String) throws(GenerationLookupFailure) -> Int64 {
    guard let selector = GenerationSelector(reference) else { throw .unknown(reference, database: databasePath) }
    return try resolve(selector)
  }

  /// All checksums are verified.
  public func load(_ selector: GenerationSelector) throws(GenerationLookupFailure) -> LoadedGeneration {
    try loadVerified(try resolve(selector))
  }

  public func load(_ reference: String) throws(GenerationLookupFailure) -> LoadedGeneration {
    try loadVerified(try resolve(reference))
  }

  /// All that are kept, newest first.
  public func kept() throws(GenerationLookupFailure) -> [GenerationSummary] {
    do throws(StoreFailure) { return try list() } catch { throw .store(error) }
  }

  private func loadVerified(_ number: Int64) throws(GenerationLookupFailure) -> LoadedGeneration {
    do throws(GenerationReadFailure) { return try load(number) } catch { throw .unreadable(error) }
  }
}

extension [GenerationSummary] {
  /// `{"generations":[…]}`.
  public var json: JSONValue { ["generations": .array(map(\.json))] }
}

extension LoadedGeneration {
  /// `{"generation":{…},"state":{…}}`; of another program's folder `{"generation":{…},"documents":[…]}`.
  public var json: JSONValue {
    if let plain = source as? PlainDocuments {
      return ["generation": summary.json, "documents": .array(plain.documents.map(\.json))]
    }
    return ["generation": summary.json, "state": state.json(sequence: summary.sequence)]
  }
}

/// What differs between two stored generations.
public struct GenerationDifference: Sendable, Equatable {
  public var from: Int64
  public var to: Int64
  public var changes: [StateChange]

  /// By layer and parameter for shows, by document and JSON path for another program's state.
  public init(from: LoadedGeneration, to: LoadedGeneration) {
    self.from = from.summary.generation
    self.to = to.summary.generation
    changes =
      from.source is PlainDocuments
      ? StateChange.changes(from: from.source.documents, to: to.source.documents)
      : StateDiff.changes(from: from.state, to: to.state)
  }

  /// `{"from","to","changes":[…]}`.
  public var json: JSONValue {
    ["from": .int(from), "to": .int(to), "changes": .array(changes.map(\.json))]
  }
}
