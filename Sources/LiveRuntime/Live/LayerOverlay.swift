import Documents
public import StudioState

/// Live values that lie over one durable layer. Every value in it fits its target's type.
public struct LayerOverlay: Sendable, Equatable {
  public private(set) var opacity: Double?
  public private(set) var isEnabled: Bool?
  public private(set) var parameters: [String: ParameterValue] = [:]

  public init() {}

  public var isEmpty: Bool { opacity == nil && isEnabled == nil && parameters.isEmpty }

  /// How many values it holds.
  var count: Int { parameters.count + (opacity == nil ? 0 : 1) + (isEnabled == nil ? 0 : 1) }

  mutating func set(_ target: LiveTarget, _ value: ParameterValue) {
    switch (target, value) {
    case (.parameter(let name), _): parameters[name] = value
    case (.opacity, .double(let number)): opacity = number
    case (.enabled, .bool(let flag)): isEnabled = flag
    case (.opacity, _), (.enabled, _): assertionFailure("live values are validated before they are set")
    }
  }

  mutating func remove(_ target: LiveTarget) {
    switch target {
    case .parameter(let name): parameters[name] = nil
    case .opacity: opacity = nil
    case .enabled: isEnabled = nil
    }
  }

  mutating func merge(_ newer: LayerOverlay) {
    opacity = newer.opacity ?? opacity
    isEnabled = newer.isEnabled ?? isEnabled
    parameters.merge(newer.parameters) { $1 }
  }

  mutating func keepParameters(where fits: (String, ParameterValue) -> Bool) {
    parameters = parameters.filter { fits($0.key, $0.value) }
  }

  /// The layer as it looks with these values over it. Parameters that the layer does not have are passed over.
  func applied(to layer: Layer) -> Layer {
    guard !isEmpty else { return layer }
    var table = layer.parameters
    for (name, value) in parameters { _ = table.replace(name, with: value) }
    return layer.with(isEnabled: isEnabled, opacity: opacity, parameters: table)
  }

  /// `{"opacity":…,"enabled":…,"parameters":{…}}`, only what is set.
  var json: JSONValue {
    var members: [JSONValue.Member] = []
    if let opacity { members.append(.init("opacity", .double(opacity))) }
    if let isEnabled { members.append(.init("enabled", .bool(isEnabled))) }
    members.append(.init("parameters", .object(parameters.map { .init($0.key, $0.value.json) })))
    return .object(members)
  }
}
