public import StudioState

extension BuiltInPackages {
  /// The show that `--demo` starts with: layer `bars` under layer `plasma`. The shaders move by themselves, without
  /// mutations, so a host that shows it has nothing to store.
  public static let demoState: StudioState = {
    let layers = [
      layer("bars", "Colour bars", package: "colour-bars"),
      layer("plasma", "Plasma", package: "plasma", opacity: 0.6, blendMode: .screen),
    ]
    return StudioState(layers: LayerStack(layers.compactMap(\.self)), packages: catalog)
  }()

  /// A layer of an embedded package with the package's defaults; nil if there is no such package.
  private static func layer(
    _ id: String, _ name: String, package: String, opacity: Double = 1, blendMode: BlendMode = .normal
  ) -> Layer? {
    guard let id = LayerID(id), let package = PackageID(package), let definition = catalog[package] else { return nil }
    return Layer(
      id: id, name: name, package: package, opacity: opacity, blendMode: blendMode, parameters: definition.defaults)
  }
}
