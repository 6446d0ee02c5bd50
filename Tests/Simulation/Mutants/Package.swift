// swift-tools-version: 6.2
import PackageDescription

// What `tools/mutants` builds in its scratch folder: the simulation and what it is made of, without the rest, so that a
// mutant costs seconds. The real manifest is in the root; warnings are no errors here, because mutants leave dead code.

let package = Package(
  name: "afterimage-mutants",
  platforms: [.macOS(.v26)],
  dependencies: [.package(path: "../../checkouts/swift-collections")],
  targets: [
    .target(name: "Documents"),
    .target(
      name: "StudioState",
      dependencies: ["Documents", .product(name: "HashTreeCollections", package: "swift-collections")]),
    .target(name: "Concurrency"),
    .target(name: "RenderSnapshots", dependencies: ["StudioState", "Concurrency"]),
    .target(name: "PersistenceMessages", dependencies: ["Documents"]),
    .target(name: "DurableFiles"),
    .target(
      name: "LiveRuntime",
      dependencies: [
        "Documents", "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages", "DurableFiles",
        .product(name: "HashTreeCollections", package: "swift-collections"),
      ]),
    .target(
      name: "PersistencePipeline",
      dependencies: ["Concurrency", "PersistenceMessages"]),
    // Only its policies, which know nothing of SQLite.
    .target(
      name: "GenerationStore", dependencies: ["Documents", "PersistenceMessages"],
      sources: [
        "Ring/KeyframePolicy.swift", "Ring/RetentionPolicy.swift", "Ring/Ring.swift",
        "Format/DocumentRanges.swift", "Recovery/StartTally.swift", "Failover/FailoverPolicy.swift",
        "Failover/ReplacementRule.swift", "Failover/ElsewhereRule.swift", "Recovery/PredecessorRule.swift",
      ]),
    .target(
      name: "BuiltInPackages", dependencies: ["StudioState"],
      resources: [
        .embedInCode("Shaders/checker.fs"), .embedInCode("Shaders/colour-bars.fs"),
        .embedInCode("Shaders/gradient.fs"), .embedInCode("Shaders/plasma.fs"), .embedInCode("Shaders/solid.fs"),
      ]),
    .executableTarget(
      name: "Simulation",
      dependencies: [
        "Documents", "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages", "LiveRuntime",
        "PersistencePipeline", "GenerationStore", "BuiltInPackages",
        .product(name: "HeapModule", package: "swift-collections"),
      ], path: "Tests/Simulation", exclude: ["Mutants"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ]
}
