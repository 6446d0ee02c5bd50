// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "light-desk",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "afterimage", path: "../../..")],
  targets: [
    .executableTarget(name: "LightDesk", dependencies: [.product(name: "Afterimage", package: "afterimage")])
  ]
)
