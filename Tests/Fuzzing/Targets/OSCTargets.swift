import ControlIngress

/// Any bytes are a packet within the bounds, or a problem. A packet has one encoding, save that a message without
/// arguments may leave its types out.
func packetsAreReadWithinTheirBoundsAndWrittenAsTheyWere(_ bytes: UnsafeBufferPointer<UInt8>) {
  guard let packet = try? OSCDecoder.packet(Array(bytes)) else { return }
  let messages = packet.messages
  mustHold(messages.count <= OSCLimits.messages, "messages are bounded")
  mustHold(packet.depth <= OSCLimits.depth, "bundles are nested within the bound")
  for message in messages { check(message) }
  let written = OSCEncoder.encode(packet)
  let again = mustSucceed("what is written is readable") { try OSCDecoder.packet(written) }
  mustHold(OSCEncoder.encode(again) == written, "what is written reads back as the same packet")
  mustHold(written.count >= bytes.count, "nothing that was read is left out")
  if written.count == bytes.count { mustHold(written.elementsEqual(bytes), "a packet has one encoding") }
  checkTimeTags(packet, at: Int64(written.reduce(0) { $0 &* 31 &+ Int($1) }))
}

private func check(_ message: OSCMessage) {
  mustHold(message.address.utf8.first == UInt8(ascii: "/"), "an address starts with a slash")
  mustHold(message.address.utf8.count <= OSCLimits.addressBytes, "an address is bounded")
  mustHold(message.address.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }, "an address is printable")
  mustHold(message.arguments.map(\.count).reduce(0, +) <= OSCLimits.arguments, "arguments are bounded")
  mustHold(message.arguments.allSatisfy { $0.depth < OSCLimits.depth }, "arrays are nested within the bound")
}

/// A delay can be told at any time, the wall clock may say what it wants.
private func checkTimeTags(_ packet: OSCPacket, at now: Int64) {
  guard case .bundle(let bundle) = packet else { return }
  for time in [now, 0, .min, .max] {
    let delay = bundle.timeTag.delay(atUnixMilliseconds: time)
    // Half of the 32-bit seconds: beyond it a moment counts as past.
    mustHold(delay.components.seconds.magnitude <= 1 << 31, "a delay lies within half an era")
  }
  for element in bundle.elements { checkTimeTags(element, at: now) }
}

extension OSCPacket {
  fileprivate var depth: Int {
    switch self {
    case .message: 0
    case .bundle(let bundle): 1 + (bundle.elements.map(\.depth).max() ?? 0)
    }
  }
}

extension OSCArgument {
  /// With what is in it.
  fileprivate var count: Int {
    if case .array(let elements) = self { 1 + elements.map(\.count).reduce(0, +) } else { 1 }
  }

  fileprivate var depth: Int {
    if case .array(let elements) = self { 1 + (elements.map(\.depth).max() ?? 0) } else { 0 }
  }
}
