import ControlIngress
import Testing

private let everyType = OSCMessage(
  "/studio/layers/bars/parameters/mix",
  [
    .int32(-7), .float(0.25), .string("bars"), .string("four"), .string(""), .blob([1, 2, 3]), .blob([]),
    .int64(.min), .double(1e300), .bool(true), .bool(false), .null, .impulse,
    .array([.float(1), .array([.int32(2)]), .string("é")]), .array([]),
  ])

private let nestedBundle = OSCPacket.bundle(
  OSCBundle(
    [
      .message(everyType), .bundle(OSCBundle([.message(OSCMessage("/a")), .bundle(OSCBundle([]))])),
      .message(OSCMessage("/b", [.bool(true)])),
    ], timeTag: OSCTimeTag(rawValue: 0x0123_4567_89AB_CDEF)))

@Test func whatIsEncodedIsDecodedAsItWas() throws {
  for packet in [OSCPacket.message(everyType), nestedBundle, .message(OSCMessage("/studio/ping"))] {
    #expect(try OSCDecoder.packet(OSCEncoder.encode(packet)) == packet)
  }
}

@Test func theBytesAreThoseOfTheStandard() {
  // The two examples of the OSC 1.0 specification.
  #expect(
    OSCEncoder.encode(.message(OSCMessage("/oscillator/4/frequency", [.float(440)])))
      == Array("/oscillator/4/frequency\0,f\0\0".utf8) + [0x43, 0xDC, 0, 0])
  #expect(
    OSCEncoder.encode(
      .message(OSCMessage("/foo", [.int32(1000), .int32(-1), .string("hello"), .float(1.234), .float(5.678)])))
      == Array("/foo\0\0\0\0,iisff\0\0".utf8) + [0, 0, 3, 0xE8, 0xFF, 0xFF, 0xFF, 0xFF] + Array("hello\0\0\0".utf8)
      + [0x3F, 0x9D, 0xF3, 0xB6, 0x40, 0xB5, 0xB2, 0x2D])
}

@Test func aMessageWithoutTypesHasNoArguments() throws {
  #expect(try OSCDecoder.packet(Array("/studio/ping\0\0\0\0".utf8)) == .message(OSCMessage("/studio/ping")))
}

@Test func everyTruncationOfABundleIsAProblem() {
  let whole = OSCEncoder.encode(nestedBundle)
  // A bundle that is cut between two elements is a shorter bundle.
  let elementEnds = elementBoundaries(whole)
  for length in 0..<whole.count where !elementEnds.contains(length) {
    #expect(throws: OSCPacketRejection.self, "\(length) bytes") { try OSCDecoder.packet(Array(whole[..<length])) }
  }
}

@Test func everyChangedByteIsReadOrRefused() {
  let whole = OSCEncoder.encode(nestedBundle)
  for index in whole.indices {
    for byte: UInt8 in [0, 1, 0x2C, 0x2F, 0x5B, 0x7F, 0x80, 0xFF] {
      var changed = whole
      changed[index] = byte
      // No crash is the claim; what comes out may be anything within the bounds.
      _ = try? OSCDecoder.packet(changed)
    }
  }
}

private func elementBoundaries(_ bundle: [UInt8]) -> Set<Int> {
  var ends: Set<Int> = [16]
  var position = 16
  while position + 4 <= bundle.count {
    position += 4 + bundle[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
    ends.insert(position)
  }
  return ends
}

private func bundleBytes(_ element: [UInt8], size: Int32) -> [UInt8] {
  let sizeBytes = withUnsafeBytes(of: size.bigEndian) { Array($0) }
  return Array("#bundle\0".utf8) + [0, 0, 0, 0, 0, 0, 0, 1] + sizeBytes + element
}

private let malformed: [(what: String, bytes: [UInt8], problem: OSCPacketRejection)] = [
  ("nothing", [], .empty),
  ("three bytes", [0x2F, 0x61, 0], .unaligned),
  ("65,540 bytes", Array(repeating: 0x2F, count: 65_540), .tooLarge),
  ("no address", Array("abc\0".utf8), .badAddress),
  ("an address without its end", Array("/abc".utf8), .truncated),
  ("an address with a space", Array("/a c\0\0\0\0".utf8), .badAddress),
  ("an address of 1,028 bytes", Array(("/" + String(repeating: "a", count: 1027)).utf8) + [0, 0, 0, 0], .badAddress),
  ("padding that is not zero", Array("/a\0x,\0\0\0".utf8), .badPadding),
  ("an address that is not UTF-8", [0x2F, 0xFF, 0, 0], .badText),
  ("arguments without types", Array("/a\0\0".utf8) + [0x3F, 0, 0, 0], .missingTypes),
  ("types without arguments", Array("/a\0\0,i\0\0".utf8), .truncated),
  ("half a double", Array("/a\0\0,d\0\0".utf8) + [0, 0, 0, 0], .truncated),
  ("arguments without a type", Array("/a\0\0,\0\0\0".utf8) + [0, 0, 0, 0], .trailingBytes),
  ("an unknown type", Array("/a\0\0,q\0\0".utf8), .unknownType(UInt8(ascii: "q"))),
  ("an array that stays open", Array("/a\0\0,[\0\0".utf8), .unbalancedArray),
  ("an array that was never opened", Array("/a\0\0,]\0\0".utf8), .unbalancedArray),
  ("a text without its end", Array("/a\0\0,s\0\0abcd".utf8), .truncated),
  ("a blob of negative size", Array("/a\0\0,b\0\0".utf8) + [0xFF, 0xFF, 0xFF, 0xFF], .truncated),
  ("a blob larger than its packet", Array("/a\0\0,b\0\0".utf8) + [0x7F, 0xFF, 0xFF, 0xFF], .truncated),
  ("a blob with dirty padding", Array("/a\0\0,b\0\0".utf8) + [0, 0, 0, 1, 9, 0, 0, 9], .badPadding),
  ("a bundle without its time", Array("#bundle\0".utf8), .truncated),
  ("a bundle of another name", Array("#bundel\0".utf8), .badAddress),
  ("an element of no size", bundleBytes(Array("/a\0\0".utf8), size: 0), .badElementSize),
  ("an element of negative size", bundleBytes(Array("/a\0\0".utf8), size: -4), .badElementSize),
  ("an element larger than its bundle", bundleBytes(Array("/a\0\0".utf8), size: 8), .badElementSize),
  ("an element of odd size", bundleBytes(Array("/a\0\0".utf8), size: 3), .unaligned),
  ("nine bundles in each other", OSCEncoder.encode(nested(9)), .tooDeep),
  ("eight arrays in each other", OSCEncoder.encode(.message(OSCMessage("/a", [array(8)]))), .tooDeep),
  (
    "257 arguments", OSCEncoder.encode(.message(OSCMessage("/a", Array(repeating: .null, count: 257)))),
    .tooManyArguments
  ),
  (
    "1,025 messages",
    OSCEncoder.encode(.bundle(OSCBundle(Array(repeating: .message(OSCMessage("/a")), count: 1025)))), .tooManyMessages
  ),
]

private func nested(_ depth: Int) -> OSCPacket {
  (1..<depth).reduce(OSCPacket.bundle(OSCBundle([]))) { inner, _ in .bundle(OSCBundle([inner])) }
}

private func array(_ depth: Int) -> OSCArgument {
  (1..<depth).reduce(OSCArgument.array([])) { inner, _ in .array([inner]) }
}

@Test(arguments: malformed) func malformedPacketsAreNamed(
  _ what: String, _ bytes: [UInt8], _ problem: OSCPacketRejection
) {
  #expect(throws: problem, "\(what)") { try OSCDecoder.packet(bytes) }
}

@Test func theBoundsThemselvesAreRead() throws {
  _ = try OSCDecoder.packet(OSCEncoder.encode(nested(8)))
  _ = try OSCDecoder.packet(OSCEncoder.encode(.message(OSCMessage("/a", [array(7)]))))
  _ = try OSCDecoder.packet(OSCEncoder.encode(.message(OSCMessage("/a", Array(repeating: .null, count: 256)))))
  let many = OSCBundle(Array(repeating: .message(OSCMessage("/a")), count: 1024))
  #expect(try OSCDecoder.packet(OSCEncoder.encode(.bundle(many))).messages.count == 1024)
}

@Test func timeTagsCountFrom1900AndWrap() {
  let now: Int64 = 1_700_000_000_000
  #expect(OSCTimeTag.immediately.delay(atUnixMilliseconds: now) == .zero)
  #expect(OSCTimeTag(unixMilliseconds: now).rawValue >> 32 == 1_700_000_000 + 2_208_988_800)
  #expect(close(OSCTimeTag(unixMilliseconds: now + 1500).delay(atUnixMilliseconds: now), to: .milliseconds(1500)))
  #expect(close(OSCTimeTag(unixMilliseconds: now - 1500).delay(atUnixMilliseconds: now), to: .milliseconds(-1500)))
  // 7 February 2036, 06:28:16 UTC: the seconds wrap to 0.
  let wrap: Int64 = 2_085_978_496_000
  #expect(close(OSCTimeTag(unixMilliseconds: wrap + 500).delay(atUnixMilliseconds: wrap - 500), to: .seconds(1)))
}

/// The fraction of a second is rounded twice on its way.
private func close(_ duration: Duration, to expected: Duration) -> Bool {
  duration >= expected - .milliseconds(2) && duration <= expected + .milliseconds(2)
}
