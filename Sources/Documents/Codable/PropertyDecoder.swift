/// Decodes the properties of a state from documents. A property whose document is missing or can't be used keeps its
/// value from `initial`.
final class PropertyDecoder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  /// Kinds of which at least one document could be used.
  fileprivate(set) var used: Set<Document.Kind> = []
  fileprivate(set) var problems: [DocumentRejection] = []
  private let found: [Document.Kind: [Document]]
  private let initial: [Document.Kind: [Document]]

  init(found: [Document], initial: [Document]) {
    self.found = Dictionary(grouping: found, by: \.key.kind)
    self.initial = Dictionary(grouping: initial, by: \.key.kind)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Properties<Key>(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw notKeyed }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw notKeyed }

  private var notKeyed: DecodingError {
    .dataCorrupted(.init(codingPath: [], debugDescription: "the state was stored as properties"))
  }

  fileprivate var kinds: [Document.Kind] { Set(found.keys).union(initial.keys).sorted { $0.rawValue < $1.rawValue } }

  fileprivate func holds(_ property: String) -> Bool {
    found[.init(rawValue: property)] != nil || initial[.init(rawValue: property)] != nil
  }

  fileprivate func isNil(_ property: String) -> Bool {
    let kind = Document.Kind(rawValue: property)
    guard let document = (found[kind] ?? initial[kind])?.first(where: { $0.key.name.isEmpty }) else { return false }
    let isNull = document.body.elementsEqual("null".utf8)
    if isNull, found[kind] != nil { used.insert(kind) }
    return isNull
  }

  fileprivate func value<Value: Decodable>(_ property: String) throws -> Value {
    let kind = Document.Kind(rawValue: property)
    guard let documents = found[kind] else { return try initialValue(kind) }
    if let type = Value.self as? any DocumentDictionary.Type, !Self.isWhole(documents) {
      let made = type.make(documents.filter { !$0.key.name.isEmpty })
      for problem in made.problems { note(problem) }
      if let value = made.value as? Value {
        used.insert(kind)
        return value
      }
    }
    do {
      guard let document = documents.first(where: { $0.key.name.isEmpty }) else {
        throw DocumentRejection(.init(kind), "missing")
      }
      let value: Value = try CodableDocuments.value(of: document.body)
      used.insert(kind)
      return value
    } catch {
      note(error as? DocumentRejection ?? DocumentRejection(.init(kind), "\(error)"))
      return try initialValue(kind)
    }
  }

  /// Whether a dictionary was stored as one document because one of its entries has an empty key.
  private static func isWhole(_ documents: [Document]) -> Bool {
    documents.count == 1 && documents[0].key.name.isEmpty && !documents[0].body.elementsEqual("{}".utf8)
  }

  private func initialValue<Value: Decodable>(_ kind: Document.Kind) throws -> Value {
    guard let documents = initial[kind] else {
      let context = DecodingError.Context(codingPath: [], debugDescription: "\(kind.rawValue) was not stored")
      throw DecodingError.valueNotFound(Value.self, context)
    }
    if let type = Value.self as? any DocumentDictionary.Type, !Self.isWhole(documents),
      let value = type.make(documents.filter { !$0.key.name.isEmpty }).value as? Value
    {
      return value
    }
    return try CodableDocuments.value(of: documents[0].body)
  }

  private func note(_ problem: DocumentRejection) {
    if !problems.contains(where: { $0.key == problem.key }) { problems.append(problem) }
  }
}

private struct Properties<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: PropertyDecoder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { decoder.kinds.compactMap { Key(stringValue: $0.rawValue) } }

  func contains(_ key: Key) -> Bool { decoder.holds(key.stringValue) }
  func decodeNil(forKey key: Key) -> Bool { decoder.isNil(key.stringValue) }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder.value(key.stringValue)
  }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder.value(key.stringValue) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder.value(key.stringValue) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder.value(key.stringValue) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try decoder.value(key.stringValue) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder.value(key.stringValue) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder.value(key.stringValue) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder.value(key.stringValue) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder.value(key.stringValue) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder.value(key.stringValue) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decoder.value(key.stringValue) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder.value(key.stringValue) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder.value(key.stringValue) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder.value(key.stringValue) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder.value(key.stringValue) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    throw unsupported(key)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw unsupported(key) }
  func superDecoder() throws -> any Decoder { throw unsupported(nil) }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw unsupported(key) }

  private func unsupported(_ key: Key?) -> DecodingError {
    .dataCorrupted(
      .init(codingPath: [], debugDescription: "\(key?.stringValue ?? "super") was not stored as a nested container"))
  }
}
