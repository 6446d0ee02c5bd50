// swift-tools-version: 6.2
import PackageDescription

// The fuzz targets (docs/fuzzing.md): a package of its own, so that the product's build knows nothing of them. `Product`
// and `migrations` are links to the product's sources. What needs sockets stays outside: of ControlIngress and
// RecoveryWorkbench only the files that turn bytes into values are compiled, and only swift-collections is fetched.

let package = Package(
  name: "afterimage-fuzzing",
  platforms: [.macOS(.v26)],
  dependencies: [.package(url: "https://github.com/apple/swift-collections", from: "1.6.0")],
  targets: [
    .product("Documents"),
    .product("StudioState", ["Documents", .product(name: "HashTreeCollections", package: "swift-collections")]),
    .product("Concurrency"),
    .product("RenderSnapshots", ["StudioState", "Concurrency"]),
    .product("PersistenceMessages", ["Documents"]),
    .product("DurableFiles"),
    .product("PresetLibrary", ["Documents", "StudioState", "DurableFiles"]),
    .product(
      "LiveRuntime",
      [
        "Documents", "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages", "DurableFiles",
        .product(name: "HashTreeCollections", package: "swift-collections"),
      ]),
    .systemLibrary(name: "CSQLite", path: "Product/CSQLite", pkgConfig: "sqlite3"),
    .target(
      name: "Migrations", path: "migrations",
      resources: [.embedInCode("m0001_generations.sql"), .embedInCode("m0002_any_documents.sql")]),
    .product("SQLiteConnection", ["CSQLite", "Documents", "PersistenceMessages", "DurableFiles"]),
    .product("DatabaseForensics"),
    .product(
      "GenerationStore",
      [
        "SQLiteConnection", "DatabaseForensics", "Migrations", "Documents", "PersistenceMessages", "DurableFiles",
        "Concurrency",
      ]),
    .product(
      "ControlIngress", ["Documents", "StudioState", "LiveRuntime"],
      sources: [
        "Commands", "OSC/OSCAddressPattern.swift", "OSC/OSCDecoder.swift", "OSC/OSCEncoder.swift",
        "OSC/OSCPacket.swift", "OSC/OSCPacketRejection.swift",
      ]),
    .product("RecoveryWorkbench", ["Documents", "StudioState"], sources: ["ExportFormat.swift"]),
    .target(
      name: "Studio", dependencies: ["Concurrency", "Documents", "StudioState", "GenerationStore"],
      path: "Product/Studio",
      sources: ["StudioGenerations.swift"],
      resources: [.embedInCode("studio_views.sql")]),
    .systemLibrary(name: "LibFuzzer", path: "LibFuzzer"),
    .executableTarget(
      name: "AfterimageFuzz",
      dependencies: [
        "Documents", "StudioState", "Concurrency", "PersistenceMessages", "PresetLibrary", "RenderSnapshots",
        "LiveRuntime",
        "GenerationStore",
        "Studio",
        "ControlIngress", "RecoveryWorkbench", "LibFuzzer",
      ],
      path: "Targets"),
  ],
  swiftLanguageModes: [.v6]
)

extension Target {
  /// A target of the product, or those `sources` of it.
  static func product(_ name: String, _ dependencies: [Dependency] = [], sources: [String]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(name)", sources: sources)
  }
}

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ]
}
