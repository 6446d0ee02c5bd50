import LiveRuntime
import StudioState

/// Turns the messages of one packet into commands: the address space of the OSC contract.
///
/// Patterns expand over the layers and parameters that exist now. An address that is not ours is counted and passed
/// over (consoles send one bundle to many programs); arguments that make no value refuse the packet, because a bundle
/// is all or nothing.
struct OSCCommandReader {
  /// Commands of one packet: as many as a show has layers at most.
  static let maximumCommands = LayerStack.maximumCount
  /// Pattern bytes times text bytes over all matches of one packet: about 10 ms, and twice what `*` over 4,096 layers
  /// of 40 parameters needs.
  static let maximumWork = 4_000_000

  private(set) var commands: [OSCCommand] = []
  /// Messages whose address is not ours or matches nothing.
  private(set) var unmatched = 0

  private let layers: () -> LayerStack
  private var work = 0

  /// - Parameter layers: the current layers; asked only when a pattern or a position needs them.
  static func read(
    _ messages: [OSCMessage], layers: @escaping () -> LayerStack
  ) throws(OSCCommandRejection) -> OSCCommandReader {
    var reader = OSCCommandReader(layers: layers)
    for message in messages { try reader.read(message) }
    return reader
  }

  private init(layers: @escaping () -> LayerStack) {
    self.layers = layers
  }

  private mutating func read(_ message: OSCMessage) throws(OSCCommandRejection) {
    let known = commands.count
    if let parts = OSCAddressPattern(message.address)?.parts {
      for route in OSCRoute.all where try matches(parts, route.words) {
        try expand(route, parts, message)
      }
    }
    if commands.count == known { unmatched += 1 }
  }

  private mutating func expand(
    _ route: OSCRoute, _ parts: [OSCAddressPattern.Part], _ message: OSCMessage
  ) throws(OSCCommandRejection) {
    switch route.meaning {
    case .ping: try add(.ping(message.arguments))
    case .storeLive: try add(.mutation(.storeLiveValues))
    case .clearLive: try add(.mutation(.clearLiveValues))
    case .loadPreset:
      guard message.arguments.count == 1, case .string(let name) = message.arguments[0] else {
        throw .badArguments(address: message.address)
      }
      try add(.loadPreset(name))
    case .opacity:
      for id in try layerIDs(parts[2]) { try automate(id, .opacity, .init(oscNumber: message.arguments), message) }
    case .enabled:
      for id in try layerIDs(parts[2]) { try automate(id, .enabled, .init(oscSwitch: message.arguments), message) }
    case .compositionOpacity:
      for id in try layerIDs(atPositions: parts[2]) {
        try automate(id, .opacity, .init(oscNumber: message.arguments), message)
      }
    case .parameter:
      let value = ParameterValue(osc: message.arguments)
      for (id, name) in try parameters(parts[2], parts[4]) { try automate(id, .parameter(name), value, message) }
    }
  }

  private mutating func automate(
    _ id: LayerID, _ target: LiveTarget, _ value: ParameterValue?, _ message: OSCMessage
  ) throws(OSCCommandRejection) {
    guard let value else { throw .badArguments(address: message.address) }
    try add(.mutation(.automate(id, target, value)))
  }

  private mutating func add(_ command: OSCCommand) throws(OSCCommandRejection) {
    guard commands.count < Self.maximumCommands else { throw .tooManyCommands }
    commands.append(command)
  }
}

// What a part of an address stands for.
extension OSCCommandReader {
  private mutating func matches(_ part: OSCAddressPattern.Part, _ text: String) throws(OSCCommandRejection) -> Bool {
    work += part.byteCount * (text.utf8.count + 1)
    guard work <= Self.maximumWork else { throw .tooMuchWork }
    return part.matches(text)
  }

  private mutating func matches(
    _ parts: [OSCAddressPattern.Part], _ words: [String?]
  ) throws(OSCCommandRejection) -> Bool {
    guard parts.count == words.count else { return false }
    for (part, word) in zip(parts, words) {
      guard let word else { continue }
      if try !matches(part, word) { return false }
    }
    return true
  }

  private mutating func layerIDs(_ part: OSCAddressPattern.Part) throws(OSCCommandRejection) -> [LayerID] {
    if let literal = part.literal { return LayerID(literal).map { [$0] } ?? [] }
    var ids: [LayerID] = []
    for layer in layers() where try matches(part, layer.id.rawValue) { ids.append(layer.id) }
    return ids
  }

  /// Positions count from 1 at the bottom, as Resolume counts its layers.
  private mutating func layerIDs(atPositions part: OSCAddressPattern.Part) throws(OSCCommandRejection) -> [LayerID] {
    let layers = layers()
    if let literal = part.literal {
      guard let position = Int(literal), layers.indices.contains(position - 1) else { return [] }
      return [layers[position: position - 1].id]
    }
    var ids: [LayerID] = []
    for (index, layer) in layers.enumerated() where try matches(part, "\(index + 1)") { ids.append(layer.id) }
    return ids
  }

  /// A layer that a pattern found, but that has no such parameter, is passed over; one that is named is not, so that
  /// the coordinator says what is wrong.
  private mutating func parameters(
    _ layerPart: OSCAddressPattern.Part, _ namePart: OSCAddressPattern.Part
  ) throws(OSCCommandRejection) -> [(LayerID, String)] {
    let ids = try layerIDs(layerPart)
    if layerPart.literal != nil, let name = namePart.literal { return ids.map { ($0, name) } }
    let layers = layers()
    var found: [(LayerID, String)] = []
    for id in ids {
      guard let table = layers[id]?.parameters else { continue }
      if let name = namePart.literal {
        if table[name] != nil { found.append((id, name)) }
      } else {
        for name in table.names where try matches(namePart, name) { found.append((id, name)) }
      }
    }
    return found
  }
}
