/// One layer of the show. It is immutable, so that snapshots can share it, and a class, so that a changed layer is
/// detected by one comparison of identity.
public final class Layer: Sendable {
  public let id: LayerID
  /// The display name; 1 to 200 bytes of any text.
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

  /// A copy of the layer with the given properties replaced.
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

/// How a layer is composited over those below it; the raw value is the word in JSON and SQL.
public enum BlendMode: String, Sendable, CaseIterable {
  case normal, add, multiply, screen, lighten, darken, difference
}
