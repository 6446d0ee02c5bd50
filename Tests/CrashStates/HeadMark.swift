/// The content of `head.json` after a store; HeadFile.swift overwrites it in place.
struct HeadMark: Sendable {
  var generation: Int64
  var sequence: UInt64
  var storedAtUnixMs: Int64

  var bytes: [UInt8] {
    let line = "{\"generation\":\(generation),\"sequence\":\(sequence),\"storedAtUnixMs\":\(storedAtUnixMs)}"
    return Array(line.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: max(0, 127 - line.utf8.count)) + [0x0A]
  }
}
