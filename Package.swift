// swift-tools-version: 6.2
import PackageDescription

// One list a kind of target; the strict settings are applied to all of them in one loop at the end.
// What may depend on what is design: see docs/architecture.md; tools/check-walls holds the walls.

let collections = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")
let heaps = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let lifecycleTests = Target.Dependency.product(
  name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

let libraries: [Target] = [
  // Documents, their JSON, and what a program implements to have its state stored. No I/O, no clock, no locks.
  .target(name: "Documents"),
  // The values of a show. No I/O, no clock, no locks.
  .target(name: "StudioState", dependencies: ["Documents", collections]),
  // What threads share: the newest value, a bounded queue, a thread for work that may block, the clocks.
  .target(name: "Concurrency"),
  // All that render and output may import, with the values above.
  .target(name: "RenderSnapshots", dependencies: ["StudioState", "Concurrency"]),
  // What runtime, writer, store and health say to each other. Values only.
  .target(name: "PersistenceMessages", dependencies: ["Documents"]),
  // The only place that calls fsync and rename.
  .target(name: "DurableFiles"),
  .target(name: "PresetLibrary", dependencies: ["Documents", "StudioState", "DurableFiles"]),
  .target(
    name: "LiveRuntime",
    dependencies: [
      "Documents", "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages", "DurableFiles", collections,
    ]),
  .target(
    name: "PersistencePipeline",
    dependencies: ["Concurrency", "PersistenceMessages"]),
  .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
  .target(
    name: "Migrations", path: "migrations",
    resources: [.embedInCode("m0001_generations.sql"), .embedInCode("m0002_any_documents.sql")]),
  // The only place that calls SQLite: connections, statements, settings, locks. It knows no generation.
  .target(name: "SQLiteConnection", dependencies: ["CSQLite", "Documents", "PersistenceMessages", "DurableFiles"]),
  // Reads the pages of a database and of its write-ahead log by hand. Bytes in, rows out: no I/O.
  .target(name: "DatabaseForensics"),
  // Documents as numbered generations: ring, marks, runs, recovery.
  .target(
    name: "GenerationStore",
    dependencies: [
      "SQLiteConnection", "DatabaseForensics", "Migrations", "Documents", "PersistenceMessages", "DurableFiles",
      "Concurrency",
    ]),
  // A data folder in use: lock, recovery, writer, proving, crash loops, second folder, end.
  .target(
    name: "DurableSessions",
    dependencies: [
      "Documents", "PersistenceMessages", "PersistencePipeline", "GenerationStore", "SQLiteConnection", "DurableFiles",
      "Concurrency",
    ]),
  // What a program imports that has its state stored.
  .target(
    name: "Afterimage",
    dependencies: [
      "Documents", "PersistenceMessages", "PersistencePipeline", "SQLiteConnection", "GenerationStore",
      "DurableSessions",
    ]),
  // A show as generations: its documents, its views.
  .target(
    name: "Studio",
    dependencies: [
      "Documents", "StudioState", "GenerationStore", "PersistenceMessages", "PersistencePipeline", "DurableSessions",
      "DurableFiles", "Concurrency", "RenderSnapshots", "PresetLibrary", "LiveRuntime", "BuiltInPackages",
    ],
    resources: [.embedInCode("studio_views.sql")]),
  .target(
    name: "ControlIngress",
    dependencies: [
      "StudioState", "Concurrency", "PresetLibrary", "LiveRuntime", "PersistenceMessages", "HealthReporting",
      "Documents", nioCore, nioPosix, nioHTTP, hummingbird, hummingbirdCore, logging, lifecycle,
    ],
    resources: [.embedInCode("Page")]),
  .target(
    name: "RecoveryWorkbench",
    dependencies: [
      "Documents", "GenerationStore", "SQLiteConnection", "Studio", "StudioState", "PersistenceMessages",
      "DurableFiles", "HostClient", "Concurrency",
    ]),
  .target(
    name: "HealthReporting",
    dependencies: ["Documents", "StudioState", "PersistenceMessages", "LiveRuntime", "VideoOutput"]),
  // One HTTP request to the running host: for the recovery tool and the scenario tests.
  .target(name: "HostClient", dependencies: [nioCore, nioPosix, nioHTTP]),
  .target(
    name: "BuiltInPackages", dependencies: ["StudioState"],
    resources: [
      .embedInCode("Shaders/checker.fs"), .embedInCode("Shaders/colour-bars.fs"),
      .embedInCode("Shaders/gradient.fs"), .embedInCode("Shaders/plasma.fs"), .embedInCode("Shaders/solid.fs"),
    ]),
  .target(name: "VideoOutput", dependencies: ["RenderSnapshots", "StudioState", "Concurrency"]),
  // The host without flags, signals and exit: start, services, journal, health, shutdown.
  .target(
    name: "StudioHosting",
    dependencies: [
      "Documents", "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages", "DurableFiles",
      "LiveRuntime", "PersistencePipeline", "GenerationStore", "DurableSessions", "Studio", "HealthReporting",
      "VideoOutput",
      "ControlIngress", "RecoveryWorkbench", logging, lifecycle, signals,
    ]),
]

let executables: [Target] = [
  // Flags, signals, process limits and the exit code of `StudioHosting`.
  .executableTarget(
    name: "AfterimageHost",
    dependencies: [
      "Documents", "DurableFiles", "DurableSessions", "SQLiteConnection", "Studio", "StudioState", "ControlIngress",
      "RecoveryWorkbench", "StudioHosting", arguments, signals,
    ]),
  .executableTarget(
    name: "AfterimageTool",
    dependencies: [
      "RecoveryWorkbench", "GenerationStore", "Studio", "Documents", "StudioState", "PersistenceMessages", "HostClient",
      "DurableFiles", arguments,
    ]),
  // For the benchmarks only: stands in front of the C library's malloc.
  .target(name: "AllocationCount"),
  .executableTarget(
    name: "Benchmarks",
    dependencies: [
      "AllocationCount", "Documents", "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages",
      "DurableFiles",
      "LiveRuntime", "PersistencePipeline", "GenerationStore", "Studio", "ControlIngress", "HostClient",
      "HostHarness", collections, arguments,
    ]),
]

// Programs and libraries that only prove something. They lie under Tests and belong to no library product.
let proofs: [Target] = [
  // The real runtime and writer in a simulated world: a program, so that it runs in release speed (tools/simulate).
  .executableTarget(
    name: "Simulation",
    dependencies: [
      "Documents", "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages", "LiveRuntime",
      "PersistencePipeline",
      "GenerationStore", "BuiltInPackages", heaps,
    ], path: "Tests/Simulation", exclude: ["Mutants"]),
  // A SQLite VFS before the system's that asks a hook before each call.
  .target(name: "CTestVFS", dependencies: ["CSQLite"], path: "Tests/CTestVFS"),
  .target(name: "TestVFS", dependencies: ["CTestVFS", "CSQLite"], path: "Tests/TestVFS"),
  // What crashes at every moment may leave on the disk, opened by the real recovery.
  .executableTarget(
    name: "CrashStates",
    dependencies: [
      "TestVFS", "GenerationStore", "SQLiteConnection", "Studio", "StudioState", "PersistenceMessages", "DurableFiles",
      arguments,
    ],
    path: "Tests/CrashStates"),
]

let tests: [Target] = [
  .testTarget(name: "DocumentsTests", dependencies: ["Documents"]),
  .testTarget(name: "DurableSessionsTests", dependencies: ["Afterimage", "DurableFiles"]),
  .testTarget(name: "StudioStateTests", dependencies: ["Documents", "StudioState"]),
  .testTarget(name: "PresetLibraryTests", dependencies: ["PresetLibrary", "DurableFiles", "StudioState"]),
  .testTarget(
    name: "HealthReportingTests",
    dependencies: ["HealthReporting", "Documents", "StudioState", "PersistenceMessages", "LiveRuntime", "VideoOutput"]),
  .testTarget(
    name: "HostClientTests", dependencies: ["HostClient", nioCore, nioPosix, nioHTTP]),
  .testTarget(
    name: "RecoveryWorkbenchTests",
    dependencies: [
      "RecoveryWorkbench", "GenerationStore", "SQLiteConnection", "Studio", "StudioState", "PersistenceMessages",
      "DurableFiles", "HostClient", "Concurrency", "Documents", "DurableSessions", "PersistencePipeline",
    ]),
  .testTarget(
    name: "GenerationStoreTests",
    dependencies: [
      "GenerationStore", "SQLiteConnection", "DatabaseForensics", "Studio", "CSQLite", "Migrations", "Documents",
      "StudioState",
      "PersistenceMessages", "DurableFiles", "TestVFS",
    ], exclude: ["Fixtures"]),
  // All threads of the core at once, for the thread sanitizer above all.
  .testTarget(
    name: "ConcurrencyTests",
    dependencies: [
      "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages", "LiveRuntime", "PersistencePipeline",
      "GenerationStore", "Studio", "BuiltInPackages", "VideoOutput",
    ]),
  // Real processes: the executables are built because all products are.
  .target(
    name: "HostHarness", dependencies: ["ControlIngress", "HostClient", "Documents", "StudioState"],
    path: "Tests/HostHarness"),
  .testTarget(
    name: "ScenarioTests",
    dependencies: [
      "HostHarness", "ControlIngress", "HostClient", "GenerationStore", "Studio", "PersistenceMessages", "Documents",
      "StudioState",
    ]),
  .testTarget(
    name: "FaultScenarioTests",
    dependencies: [
      "HostHarness", "HostClient", "GenerationStore", "Studio", "PersistenceMessages", "BuiltInPackages", "Documents",
      "StudioState",
    ]),
  .testTarget(
    name: "ControlIngressTests",
    dependencies: [
      "ControlIngress", "LiveRuntime", "Documents", "StudioState", "PersistenceMessages", "RenderSnapshots",
      "Concurrency",
      "PresetLibrary", "HealthReporting", nioPosix, logging, lifecycle,
    ]),
  .testTarget(
    name: "StudioHostingTests",
    dependencies: [
      "StudioHosting", "ControlIngress", "Documents", "DurableFiles", "DurableSessions", "HostClient", "LiveRuntime",
      "PersistenceMessages", "PersistencePipeline", "Concurrency", "RecoveryWorkbench", "Studio", "StudioState",
      "TestVFS", lifecycleTests,
    ]),
  .testTarget(name: "DurableFilesTests", dependencies: ["DurableFiles"]),
  .testTarget(
    name: "LiveRuntimeTests",
    dependencies: [
      "LiveRuntime", "Documents", "StudioState", "Concurrency", "RenderSnapshots", "PersistenceMessages",
      "BuiltInPackages",
    ]),
  .testTarget(
    name: "PersistencePipelineTests",
    dependencies: ["PersistencePipeline", "StudioState", "Concurrency", "PersistenceMessages"]),
  .testTarget(
    name: "BuiltInPackagesTests",
    dependencies: ["BuiltInPackages", "Documents", "StudioState", "VideoOutput", "RenderSnapshots"]),
  .testTarget(
    name: "VideoOutputTests", dependencies: ["VideoOutput", "RenderSnapshots", "StudioState", "Concurrency"]),
]

let package = Package(
  name: "afterimage",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "afterimage-host", targets: ["AfterimageHost"]),
    .executable(name: "afterimage", targets: ["AfterimageTool"]),
    .executable(name: "afterimage-simulation", targets: ["Simulation"]),
    .executable(name: "afterimage-bench", targets: ["Benchmarks"]),
    .executable(name: "afterimage-crash-states", targets: ["CrashStates"]),
    // What a program needs whose state is to be kept: `import Afterimage` (docs/embedding.md).
    .library(name: "Afterimage", targets: ["Afterimage"]),
    // A studio inside a program that has interfaces and output of its own: no network packages are built for it.
    .library(
      name: "AfterimageStudioSession",
      targets: ["Studio", "StudioState", "LiveRuntime", "RenderSnapshots", "PresetLibrary"]),
    // The same with HTTP, OSC, output and the functions behind the recovery tool.
    .library(
      name: "AfterimageStudio",
      targets: [
        "Studio", "StudioState", "RenderSnapshots", "LiveRuntime", "PresetLibrary", "HealthReporting", "ControlIngress",
        "VideoOutput", "RecoveryWorkbench",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: libraries + executables + proofs + tests,
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
  ]
}

// For tools/sanitize: what it tests needs no network packages, and they would be most of its build.
if Context.environment["AFTERIMAGE_CORE_ONLY"] == "1" {
  let left = [
    "HostClient", "HostClientTests", "ControlIngress", "ControlIngressTests", "RecoveryWorkbench",
    "RecoveryWorkbenchTests", "StudioHosting", "StudioHostingTests", "AfterimageHost", "AfterimageTool", "HostHarness",
    "ScenarioTests", "FaultScenarioTests", "Benchmarks", "AllocationCount", "Simulation", "CrashStates",
  ]
  package.products = []
  package.targets.removeAll { left.contains($0.name) }
  // What stands in for a part of the standard library that the thread sanitizer can't see.
  package.targets.append(.target(name: "SanitizedLocks", path: "Tests/Sanitizers/SanitizedLocks"))
  package.targets.first { $0.name == "ConcurrencyTests" }?.dependencies.append("SanitizedLocks")
}
