/// Writes frames as PNG (ISO/IEC 15948): 8-bit RGB, since frames are opaque.
///
/// The pixels are in stored (uncompressed) deflate blocks. A reference frame has 170 KB, which does not matter for a
/// preview on the same machine. In return there is no dependency on zlib, and the threads that answer HTTP compress
/// nothing (docs/decisions/0008-dependencies.md).
public enum PNGEncoder {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// Most bytes in a stored block, whose length field has 16 bits.
  private static let maximumBlock = 65535

  public static func encode(_ frame: VideoFrame) -> [UInt8] {
    var png = signature
    append(chunk: "IHDR", header(frame.size), to: &png)
    append(chunk: "IDAT", zlibStream(of: scanlines(of: frame)), to: &png)
    append(chunk: "IEND", [], to: &png)
    return png
  }

  private static func header(_ size: FrameSize) -> [UInt8] {
    // 8 bits per channel, colour type 2 (RGB), deflate, adaptive filters, not interlaced.
    bigEndian(UInt32(size.width)) + bigEndian(UInt32(size.height)) + [8, 2, 0, 0, 0]
  }

  /// Each line, preceded by its filter type: 0, none.
  private static func scanlines(of frame: VideoFrame) -> [UInt8] {
    let size = frame.size
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size.height * (1 + size.width * 3))
    for line in 0..<size.height {
      bytes.append(0)
      for pixel in frame.pixels[line * size.width..<(line + 1) * size.width] {
        bytes.append(pixel.red)
        bytes.append(pixel.green)
        bytes.append(pixel.blue)
      }
    }
    return bytes
  }

  /// RFC 1950 around RFC 1951: header, stored blocks, Adler-32.
  private static func zlibStream(of bytes: [UInt8]) -> [UInt8] {
    // Deflate with a window of 32 KB, fastest level. The two bytes must form a multiple of 31.
    var stream: [UInt8] = [0x78, 0x01]
    stream.reserveCapacity(bytes.count + 64)
    var start = 0
    repeat {
      let block = bytes[start..<min(start + maximumBlock, bytes.count)]
      start = block.endIndex
      stream.append(start == bytes.count ? 1 : 0)
      let length = UInt16(block.count)
      stream += [UInt8(truncatingIfNeeded: length), UInt8(length >> 8)]
      stream += [UInt8(truncatingIfNeeded: ~length), UInt8(~length >> 8)]
      stream += block
    } while start < bytes.count
    return stream + bigEndian(PNGChecksum.adler32(bytes))
  }

  private static func append(chunk name: StaticString, _ data: [UInt8], to png: inout [UInt8]) {
    let start = png.count + 4
    png += bigEndian(UInt32(data.count))
    png += name.withUTF8Buffer { Array($0) }
    png += data
    // The checksum is over the name and the data.
    png += bigEndian(PNGChecksum.crc32(png[start...]))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
