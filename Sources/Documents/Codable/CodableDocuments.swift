#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// The documents of a Codable state. One document for each property of the state, and one for each entry of a property
// that is a dictionary with String keys, so that a change of one entry stores that entry only:
//
//     struct Desk { var master: Double; var cues: [String: Cue] }
//
//     kind      name      body
//     master              0.7
//     cues                {}                 the dictionary itself: without it, an empty one would be lost
//     cues      intro     {"level":0.2}
//
// An optional property that is nil has the body `null`. A property without a document was never stored: it is new in
// the program, and keeps its initial value. (The generation's checksum detects a lost document.)
//
// A state that does not encode as a keyed container (an array, a number, an enum without payloads) is one document of
// kind `state`. Dates, data and URLs are encoded as JSONEncoder does by default. Numbers that are not finite are
// encoded as texts, because JSON can't represent them and one of them must not prevent the state from being stored.

extension DurableState where Self: Codable {
  /// See the head of CodableDocuments.swift. A property whose `encode` throws is omitted; ``storable(over:)`` reports
  /// it. Its earlier content remains in the earlier generations.
  public var documents: [Document] { CodableDocuments.encode(self).documents }

  public func storable(over earlier: Self?) -> (state: Self, heldBack: [HeldBack]) {
    (self, CodableDocuments.encode(self).heldBack)
  }

  public static func restoring(from documents: [Document], over initial: Self) -> RestoredState<Self> {
    CodableDocuments.decode(documents, over: initial)
  }
}

enum CodableDocuments {
  /// The kind of the only document of a state that is not keyed.
  static let wholeState: Document.Kind = "state"

  static func encode(_ state: some Encodable) -> (documents: [Document], heldBack: [HeldBack]) {
    let encoder = PropertyEncoder()
    do {
      try state.encode(to: encoder)
      if let documents = encoder.collected.documents { return (documents, encoder.collected.heldBack) }
      return ([Document(.init(wholeState), body: try bytes(of: state))], [])
    } catch {
      return (encoder.collected.documents ?? [], encoder.collected.heldBack + [HeldBack(path: "", problem: "\(error)")])
    }
  }

  static func decode<State: DurableState & Codable>(_ documents: [Document], over initial: State) -> RestoredState<
    State
  > {
    let expected = encode(initial).documents
    guard expected.first?.key.kind != wholeState else { return decodeWhole(documents) }
    let decoder = PropertyDecoder(found: documents, initial: expected)
    do {
      let state = try State(from: decoder)
      // If no document could be used, the state is the initial one: nothing was restored.
      return RestoredState(state: decoder.used.isEmpty ? nil : state, problems: decoder.problems)
    } catch {
      return RestoredState(
        state: nil, problems: decoder.problems + [DocumentRejection(.init(wholeState), "\(error)")])
    }
  }

  private static func decodeWhole<State: Decodable>(_ documents: [Document]) -> RestoredState<State> {
    let key = Document.Key(wholeState)
    guard let document = documents.first(where: { $0.key == key }) else {
      return RestoredState(state: nil, problems: [DocumentRejection(key, "missing")])
    }
    do {
      return RestoredState(state: try value(of: document.body))
    } catch {
      return RestoredState(state: nil, problems: [DocumentRejection(key, "\(error)")])
    }
  }

  static func bytes(of value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return [UInt8](try encoder.encode(value))
  }

  static func value<Value: Decodable>(of bytes: [UInt8]) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(Value.self, from: Data(bytes))
  }
}

/// A dictionary whose entries become separate documents.
protocol DocumentDictionary {
  /// Whether an entry has an empty key, so that its document could not be distinguished from the dictionary's.
  var hasEmptyName: Bool { get }

  /// The documents of the entries, and of the dictionary itself.
  func documents(of kind: Document.Kind, heldBack: inout [HeldBack]) -> [Document]

  /// - Parameter entries: each with its own document.
  /// - Returns: the dictionary, and the problems of omitted entries.
  static func make(_ entries: [Document]) -> (value: Any, problems: [DocumentRejection])
}

extension Dictionary: DocumentDictionary where Key == String, Value: Codable {
  var hasEmptyName: Bool { self[""] != nil }

  func documents(of kind: Document.Kind, heldBack: inout [HeldBack]) -> [Document] {
    var documents = [Document(.init(kind), body: Array("{}".utf8))]
    for (name, value) in self {
      do {
        documents.append(Document(.init(kind, name), body: try CodableDocuments.bytes(of: value)))
      } catch {
        heldBack.append(HeldBack(path: "\(kind.rawValue).\(name)", problem: "\(error)"))
      }
    }
    return documents
  }

  static func make(_ entries: [Document]) -> (value: Any, problems: [DocumentRejection]) {
    var dictionary: [String: Value] = [:]
    var problems: [DocumentRejection] = []
    for entry in entries {
      do {
        dictionary[entry.key.name] = try CodableDocuments.value(of: entry.body)
      } catch {
        problems.append(DocumentRejection(entry.key, "\(error)"))
      }
    }
    return (dictionary, problems)
  }
}
