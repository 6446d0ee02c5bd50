public import Documents

/// The show's durable settings; part of every generation.
public struct RuntimeConfig: Sendable, Equatable {
  /// Frames a second, 1 to 240.
  public var frameRate: Double
  /// Pixels, 16 to 8192.
  public var outputWidth: Int
  /// Pixels, 16 to 8192.
  public var outputHeight: Int
  /// The display name of the output; 1 to 200 bytes.
  public var outputName: String
  public var oscSettledValues: SettledValues

  /// The treatment of values that arrived over OSC and have settled.
  public enum SettledValues: String, Sendable, CaseIterable {
    /// They last for the session: a restart loses them unless they are stored (`/studio/live/store`).
    case session
    /// Each settling is a durable mutation.
    case durable
  }

  public init(
    frameRate: Double = 60, outputWidth: Int = 1280, outputHeight: Int = 720, outputName: String = "Program",
    oscSettledValues: SettledValues = .session
  ) {
    self.frameRate = frameRate
    self.outputWidth = outputWidth
    self.outputHeight = outputHeight
    self.outputName = outputName
    self.oscSettledValues = oscSettledValues
  }
}

extension RuntimeConfig {
  public var json: JSONValue {
    [
      "frameRate": .double(frameRate), "outputWidth": .int(Int64(outputWidth)),
      "outputHeight": .int(Int64(outputHeight)), "outputName": .string(outputName),
      "oscSettledValues": .string(oscSettledValues.rawValue),
    ]
  }

  /// This config with the members of `json` replaced. An unknown member or a value out of its bounds refuses the whole
  /// change.
  public func applying(_ json: JSONValue) throws(StateRejection) -> RuntimeConfig {
    guard let members = json.objectValue else {
      throw StateRejection(.wrongType, at: "config", "an object is expected, not \(json.kindName)")
    }
    var config = self
    for member in members { try config.apply(member) }
    return config
  }

  private mutating func apply(_ member: JSONValue.Member) throws(StateRejection) {
    let path = "config.\(member.name)"
    switch member.name {
    case "frameRate": frameRate = try boundedNumber(member.value, 1...240, at: path)
    case "outputWidth": outputWidth = try boundedInteger(member.value, 16...8192, at: path)
    case "outputHeight": outputHeight = try boundedInteger(member.value, 16...8192, at: path)
    case "outputName": outputName = try boundedText(member.value, at: path)
    case "oscSettledValues":
      guard let word = member.value.stringValue, let policy = SettledValues(rawValue: word) else {
        throw StateRejection(.wrongType, at: path, "\"session\" or \"durable\" is expected")
      }
      oscSettledValues = policy
    default:
      throw StateRejection(.unknownMember, at: path, "there is no such setting")
    }
  }
}
