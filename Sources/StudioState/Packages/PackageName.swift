// Derives the id of a package from the name of its shader file.

extension PackageID {
  /// The id of the package in a shader file.
  ///
  /// A name that satisfies ``studioNameRule`` is the id. In any other name, characters that the rule excludes become
  /// `-`, and a short hash of the whole name is appended, so that `Light Leak` and `Light-Leak` differ. The id depends
  /// on the name alone, so it is independent of other files in the folder and the same on every machine.
  ///
  /// - Parameter name: the file's name without `.fs`.
  public init(shaderName name: String) {
    if let id = PackageID(name) {
      self = id
    } else {
      self.init(unchecked: "\(Self.slug(of: name))-\(Self.hash(of: name))")
    }
  }

  /// 1 to 57 bytes, so that the hash can be appended.
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

  /// Six hexadecimal digits of FNV-1a. With a thousand shaders of the same slug the probability of a collision is 1 in
  /// 34; the second file of a collision is reported.
  private static func hash(of name: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let folded = (hash >> 40 ^ hash >> 16 ^ hash) & 0xFF_FFFF
    let digits = String(folded, radix: 16)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }
}
