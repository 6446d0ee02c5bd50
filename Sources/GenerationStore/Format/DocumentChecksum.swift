import Documents

extension Document {
  /// XXH64 of kind, 0, name, 0, body: the value of the column `document.checksum`.
  var checksum: UInt64 {
    Self.checksum(kind: key.kind.rawValue, name: key.name, body: body)
  }

  static func checksum(kind: String, name: String, body: [UInt8]) -> UInt64 {
    var input: [UInt8] = []
    input.reserveCapacity(kind.utf8.count + name.utf8.count + body.count + 2)
    input.append(contentsOf: kind.utf8)
    input.append(0)
    input.append(contentsOf: name.utf8)
    input.append(0)
    input.append(contentsOf: body)
    return XXH64.hash(input)
  }
}
