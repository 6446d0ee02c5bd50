public import Concurrency
public import Documents
public import GenerationStore
public import StudioState

// The store knows documents only; this is how a show's generations are stored and read.

extension StoreOptions {
  /// For a show: its documents, and the views that know its layers.
  public static func studio(
    folder: String, wallClock: @escaping @Sendable () -> Int64 = WallClock.unixMilliseconds
  ) -> StoreOptions {
    StoreOptions(.studio, folder: folder, wallClock: wallClock)
  }
}

extension DocumentReading {
  /// Reads the generations of a show.
  public static let studio = DocumentReading(over: StudioState(), views: .studio)
}

extension ViewPack {
  public static let studio = ViewPack(
    name: "studio", version: 1,
    views: [
      "generations", "layer_step", "generation_layers", "generation_parameters", "generation_state",
      "parameter_changes",
    ],
    sql: String(decoding: PackageResources.studio_views_sql, as: UTF8.self))
}

extension DocumentSource {
  /// The show that the documents make up, without those that can't be used.
  public var studioState: StudioState {
    if let own = self as? StateDocuments<StudioState> { return own.state }
    return StudioState.restoring(from: documents, over: StudioState()).state ?? StudioState()
  }
}

extension LoadedGeneration {
  public var state: StudioState { source.studioState }
}

extension Restored {
  public var state: StudioState { source.studioState }
}
