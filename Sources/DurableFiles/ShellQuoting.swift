/// A word of a command line, quoted if a shell would otherwise split or interpret it.
package func quoted(_ text: String) -> String {
  let plain = text.utf8.allSatisfy { byte in
    byte >= 0x80 || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
      || byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      || "/._-+:=,@%".utf8.contains(byte)
  }
  return plain && !text.isEmpty
    ? text : "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}
