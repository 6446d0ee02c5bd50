import DurableFiles
import Glibc
import StudioState

@testable import PresetLibrary

/// A preset folder of the test's own and a show to put in it.
struct PresetFixture {
  let folder: String
  let library: PresetLibrary
  let packages = PackageCatalog([
    PackageDefinition(
      id: PackageID("plasma") ?? Self.impossible(), title: "Plasma", version: "1",
      parameters: [
        ParameterDefinition(name: "mix", type: .double, defaultValue: .double(0.5), minimum: [0], maximum: [1])
      ])
  ])
  let config = RuntimeConfig(frameRate: 25, outputName: "Stage")

  func state(mix: Double) -> StudioState {
    let layer = Layer(
      id: LayerID("wash") ?? Self.impossible(), name: "Wäsche", package: PackageID("plasma") ?? Self.impossible(),
      parameters: ParameterTable([("mix", .double(mix))]))
    return StudioState(layers: LayerStack([layer]), config: config, packages: packages)
  }

  func load(_ name: String) throws(PresetFailure) -> StudioState {
    try library.load(name, packages: packages, config: config)
  }

  func write(_ content: String, to file: String) throws {
    try writeBytes(Array(content.utf8), to: file)
  }

  func writeBytes(_ content: [UInt8], to file: String) throws {
    try DataFolder.createFolder(folder)
    try DurableFile.replace("\(folder)/\(file)", with: content)
  }

  func content(of file: String) throws -> [UInt8]? {
    try DurableFile.read("\(folder)/\(file)", limit: 16 << 20)
  }

  /// When the file was last written, in milliseconds since 1970.
  func setModified(_ file: String, unixMs: Int) -> Bool {
    let time = timespec(tv_sec: unixMs / 1000, tv_nsec: unixMs % 1000 * 1_000_000)
    return utimensat(AT_FDCWD, "\(folder)/\(file)", [time, time], 0) == 0
  }

  private static func impossible<Value>() -> Value { preconditionFailure("a name in the test breaks the rule") }
}

func withPresets<Result>(_ body: (PresetFixture) throws -> Result) throws -> Result {
  var template = Array("/tmp/afterimage-presets-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw FileFailure(path: "/tmp", call: "mkdtemp", code: errno) }
  let root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let folder = "\(root)/presets"
  defer {
    for entry in (try? FolderListing.existingEntries(of: folder)) ?? [] {
      let path = "\(folder)/\(entry.name)"
      if unlink(path) != 0 { rmdir(path) }
    }
    for name in ["presets", "outside.json"] { remove("\(root)/\(name)") }
    rmdir(root)
  }
  return try body(PresetFixture(folder: folder, library: PresetLibrary(folder: folder)))
}
