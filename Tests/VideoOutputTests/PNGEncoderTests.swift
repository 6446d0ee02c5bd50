import StudioState
import Testing

@testable import VideoOutput

@Test func theChecksumsGiveTheirKnownAnswers() {
  #expect(PNGChecksum.crc32(Array("123456789".utf8)[...]) == 0xCBF4_3926)
  #expect(PNGChecksum.crc32(Array("IEND".utf8)[...]) == 0xAE42_6082)
  #expect(PNGChecksum.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
  #expect(PNGChecksum.adler32([]) == 1)
  // Long enough for the sums to wrap: computed by the definition, with a division for every byte.
  let long = (0..<100_000).map { _ in UInt8(255) }
  let sums = long.reduce((1, 0)) { (($0.0 + Int($1)) % 65521, ($0.1 + $0.0 + Int($1)) % 65521) }
  #expect(PNGChecksum.adler32(long) == UInt32(sums.1 << 16 | sums.0))
}

/// Bit by bit, to check the encoder's table with something else.
private func plainCRC(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var crc: UInt32 = 0xFFFF_FFFF
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  return ~crc
}

private struct Chunk {
  var name: String
  var data: [UInt8]
}

private func number(_ bytes: some Sequence<UInt8>) -> UInt32 {
  bytes.reduce(0) { $0 << 8 | UInt32($1) }
}

private func chunks(of png: [UInt8]) throws -> [Chunk] {
  #expect(png.prefix(8) == [137, 80, 78, 71, 13, 10, 26, 10])
  var chunks: [Chunk] = []
  var place = 8
  while place < png.count {
    let length = Int(number(png[place..<place + 4]))
    let end = place + 8 + length
    try #require(end + 4 <= png.count)
    #expect(number(png[end..<end + 4]) == plainCRC(png[place + 4..<end]))
    let name = String(decoding: png[place + 4..<place + 8], as: UTF8.self)
    chunks.append(Chunk(name: name, data: Array(png[place + 8..<end])))
    place = end + 4
  }
  return chunks
}

/// The content of a zlib stream of stored blocks.
private func unpacked(_ stream: [UInt8]) throws -> [UInt8] {
  #expect(stream[0] & 0x0F == 8 && (Int(stream[0]) * 256 + Int(stream[1])) % 31 == 0)
  var content: [UInt8] = []
  var place = 2
  var isLast = false
  while !isLast {
    isLast = stream[place] == 1
    try #require(stream[place] <= 1)
    let length = Int(stream[place + 1]) | Int(stream[place + 2]) << 8
    #expect(Int(stream[place + 3]) | Int(stream[place + 4]) << 8 == length ^ 0xFFFF)
    content += stream[place + 5..<place + 5 + length]
    place += 5 + length
  }
  #expect(stream.count == place + 4)
  let sums = content.reduce((1, 0)) { (($0.0 + Int($1)) % 65521, ($0.1 + $0.0 + Int($1)) % 65521) }
  #expect(number(stream[place...]) == UInt32(sums.1 << 16 | sums.0))
  return content
}

// 28 by 771 fills one stored block to the last byte: 771 * (1 + 3 * 28) is 65,535.
@Test(arguments: [(1, 1), (64, 36), (28, 771), (28, 772), (320, 180)])
func aPNGHoldsThePixelsOfItsFrame(width: Int, height: Int) throws {
  let size = FrameSize(width: width, height: height)
  let pixels = (0..<width * height).map {
    Pixel(red: UInt8(truncatingIfNeeded: $0), green: UInt8(truncatingIfNeeded: $0 >> 3), blue: UInt8($0 % 251))
  }
  let frame = VideoFrame(number: 0, snapshotNumber: 0, size: size, pixels: pixels)
  let chunks = try chunks(of: PNGEncoder.encode(frame))
  #expect(chunks.map(\.name) == ["IHDR", "IDAT", "IEND"])
  #expect(number(chunks[0].data[0..<4]) == UInt32(width) && number(chunks[0].data[4..<8]) == UInt32(height))
  #expect(chunks[0].data[8...] == [8, 2, 0, 0, 0])
  let lines = try unpacked(chunks[1].data)
  try #require(lines.count == height * (1 + width * 3))
  let expected = (0..<height).flatMap { line -> [UInt8] in
    [0] + pixels[line * width..<(line + 1) * width].flatMap { [$0.red, $0.green, $0.blue] }
  }
  #expect(lines == expected)
}
