public import Documents

/// The whole durable show: an immutable value with structural sharing, cheap to hold and to copy.
public struct StudioState: Sendable, Equatable {
  public var layers: LayerStack
  public var config: RuntimeConfig
  public var packages: PackageCatalog

  public init(
    layers: LayerStack = LayerStack(), config: RuntimeConfig = RuntimeConfig(), packages: PackageCatalog = .empty
  ) {
    self.layers = layers
    self.config = config
    self.packages = packages
  }

  /// The state as `GET /state` answers it: `{"config":…,"layers":[…],"sequence":N}`, layers bottom to top.
  public func json(sequence: UInt64) -> JSONValue {
    .object([
      .init("config", config.json), .init("layers", .array(layers.map(\.json))),
      .init("sequence", .int(Int64(clamping: sequence))),
    ])
  }
}
