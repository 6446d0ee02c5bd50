/// Encodes each property of a state as documents (CodableDocuments.swift).
final class PropertyEncoder: Encoder {
  struct Collected {
    /// Nil until the state requests a keyed container.
    var documents: [Document]?
    var heldBack: [HeldBack] = []
  }

  fileprivate(set) var collected = Collected()
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    collected.documents = collected.documents ?? []
    return KeyedEncodingContainer(Properties<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { NoContainer() }
  func singleValueContainer() -> any SingleValueEncodingContainer { NoContainer() }

  fileprivate func append(_ value: some Encodable, _ property: String) {
    // The document of an entry with an empty key could not be distinguished from the dictionary's.
    if let entries = value as? any DocumentDictionary, !entries.hasEmptyName {
      let documents = entries.documents(of: .init(rawValue: property), heldBack: &collected.heldBack)
      collected.documents?.append(contentsOf: documents)
      return
    }
    do {
      let bytes = try CodableDocuments.bytes(of: value)
      collected.documents?.append(Document(.init(.init(rawValue: property)), body: bytes))
    } catch {
      collected.heldBack.append(HeldBack(path: property, problem: "\(error)"))
    }
  }
}

private struct Properties<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: PropertyEncoder
  var codingPath: [any CodingKey] { [] }

  // A nil is written too: a property without a document counts as never stored and keeps its initial value.
  func encodeNil(forKey key: Key) { encoder.append(String?.none, key.stringValue) }
  func encode(_ value: some Encodable, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) { encoder.append(value, key.stringValue) }

  func encode(_ value: Bool, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: String, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: Double, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: Float, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: Int, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: Int8, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: Int16, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: Int32, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: Int64, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: UInt, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: UInt8, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: UInt16, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: UInt32, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encode(_ value: UInt64, forKey key: Key) { encoder.append(value, key.stringValue) }

  func encodeIfPresent(_ value: Bool?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: String?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) { encoder.append(value, key.stringValue) }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) { encoder.append(value, key.stringValue) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    NoContainer.refuse(key.stringValue, encoder)
    return KeyedEncodingContainer(Properties<Nested>(encoder: PropertyEncoder()))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    NoContainer.refuse(key.stringValue, encoder)
    return NoContainer()
  }

  func superEncoder() -> any Encoder {
    NoContainer.refuse("super", encoder)
    return PropertyEncoder()
  }

  func superEncoder(forKey key: Key) -> any Encoder {
    NoContainer.refuse(key.stringValue, encoder)
    return PropertyEncoder()
  }
}

/// Receives values that are not properties. The state is then stored as one document, or the property is held back.
private struct NoContainer: UnkeyedEncodingContainer, SingleValueEncodingContainer {
  var codingPath: [any CodingKey] { [] }
  private(set) var count = 0

  /// A state that writes into a nested container by hand would silently lose that part.
  static func refuse(_ property: String, _ encoder: PropertyEncoder) {
    encoder.collected.heldBack.append(
      HeldBack(path: property, problem: "nested containers of a state's own `encode(to:)` can't be stored"))
  }

  mutating func encodeNil() { count += 1 }
  mutating func encode(_ value: some Encodable) { count += 1 }

  func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Properties<Key>(encoder: PropertyEncoder()))
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { NoContainer() }
  func superEncoder() -> any Encoder { PropertyEncoder() }
}
