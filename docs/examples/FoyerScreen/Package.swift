// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "foyer-screen",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "afterimage", path: "../../..")],
  targets: [
    .executableTarget(name: "FoyerScreen", dependencies: [.product(name: "AfterimageStudioSession", package: "afterimage")])
  ]
)
