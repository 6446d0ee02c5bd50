// From a shader's file name to the id of its package.

extension PackageID {
  /// The id of the package in a shader file.
  ///
  /// A name that keeps ``studioNameRule`` is the id. Any other name gets an id that keeps it: what the rule does not let
  /// through becomes `-`, and a short hash of the whole name follows, so that `Light Leak` and `Light-Leak` differ. The id
  /// depends on the name alone: it stays what it is whatever else is in the folder, on every machine.
  ///
  /// - Parameter name: the file's name without `.fs`.
  public init(shaderName name: String) {
    if let id = PackageID(name) {
      self = id
    } else {
      self.init(unchecked: "\(Self.slug(of: name))-\(Self.hash(of: name))")
    }
  }

  /// 1 to 57 bytes, so that the hash fits behind them.
  private static func slug(of name: String) -> String {
    var bytes: [UInt8] = []
    for byte in name.utf8 {
      if bytes.isEmpty ? isLetterOrDigit(byte) : isStudioNameByte(byte) {
        bytes.append(byte)
      } else if let last = bytes.last, last != UInt8(ascii: "-") {
        bytes.append(UInt8(ascii: "-"))
      }
    }
    bytes = Array(bytes.prefix(maximumSlugBytes))
    while bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
    return bytes.isEmpty ? "shader" : String(decoding: bytes, as: UTF8.self)
  }

  /// 64 bytes of a name without the hyphen and the hash.
  private static let maximumSlugBytes = 57

  /// Six hexadecimal digits of FNV-1a: with a thousand shaders of the same slug, one chance in 34 that two are the same,
  /// and then the second one is reported.
  private static func hash(of name: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let folded = (hash >> 40 ^ hash >> 16 ^ hash) & 0xFF_FFFF
    let digits = String(folded, radix: 16)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }
}
