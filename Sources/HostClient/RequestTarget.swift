/// The path and query of a request line.
enum RequestTarget {
  /// Percent-encodes the bytes that could end the request line: white space, control characters, bytes beyond ASCII.
  /// Existing escapes are kept.
  static func encoded(_ path: String) -> String {
    var result = path.hasPrefix("/") ? "" : "/"
    for byte in path.utf8 {
      if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "#") {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}

extension HostClient {
  /// Percent-encodes everything but letters, digits and `-._~`, so that any text can be one part of a path.
  public static func pathPart(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII, scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte) {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}
