/// One layer of the show: immutable, so that a snapshot that holds it costs nothing, and a reference, so that "did this
/// layer change?" is one comparison of identity.
public final class Layer: Sendable {
  public let id: LayerID
  /// What people call it; 1 to 200 bytes of any text.
  public let name: String
  public let package: PackageID
  public let isEnabled: Bool
  /// 0 (invisible) to 1.
  public let opacity: Double
  public let blendMode: BlendMode
  public let parameters: ParameterTable

  public init(
    id: LayerID, name: String, package: PackageID, isEnabled: Bool = true, opacity: Double = 1,
    blendMode: BlendMode = .normal, parameters: ParameterTable = .empty
  ) {
    self.id = id
    self.name = name
    self.package = package
    self.isEnabled = isEnabled
    self.opacity = opacity
    self.blendMode = blendMode
    self.parameters = parameters
  }

  /// The same layer with what is given replaced.
  public func with(
    name: String? = nil, isEnabled: Bool? = nil, opacity: Double? = nil, blendMode: BlendMode? = nil,
    parameters: ParameterTable? = nil
  ) -> Layer {
    Layer(
      id: id, name: name ?? self.name, package: package, isEnabled: isEnabled ?? self.isEnabled,
      opacity: opacity ?? self.opacity, blendMode: blendMode ?? self.blendMode,
      parameters: parameters ?? self.parameters)
  }
}

extension Layer: Equatable {
  public static func == (left: Layer, right: Layer) -> Bool {
    left === right
      || left.id == right.id && left.name.utf8.elementsEqual(right.name.utf8) && left.package == right.package
        && left.isEnabled == right.isEnabled && left.opacity == right.opacity && left.blendMode == right.blendMode
        && left.parameters == right.parameters
  }
}

/// How a layer is laid over those below it; the raw value is the word in JSON and SQL.
public enum BlendMode: String, Sendable, CaseIterable {
  case normal, add, multiply, screen, lighten, darken, difference
}
