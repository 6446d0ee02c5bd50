import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import RecoveryWorkbench
import Studio
import StudioState
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A data folder of its own; removed at the end.
final class WorkbenchFixture {
  let root: String
  let folder: String
  let workbench: Workbench

  init() throws {
    var template = Array("/tmp/afterimage-tool-XXXXXX".utf8CString)
    root = String(cString: try #require(mkdtemp(&template)))
    folder = "\(root)/data"
    workbench = Workbench(folder: folder, wallClock: { 1_763_890_999_000 })
  }

  deinit {
    removeTree(root)
  }

  /// Stores the states as generations 1, 2, … and closes, so that `state.db` alone is the whole database.
  func store(_ states: [StudioState]) throws {
    try withStore { store in
      for state in states {
        let sequence = store.highWaterMark.sequence + 1
        let request = PersistenceRequest(
          target: .runtimeState, reason: "parameter.set", actor: "http", sequence: sequence)
        _ = try store.store(PersistenceSnapshot(state: state, request: request, requestCount: sequence), requests: 1)
      }
    }
  }

  func withStore<Value>(_ body: (GenerationStore) throws -> Value) throws -> Value {
    let store = try GenerationStore.open(StoreOptions.studio(folder: folder, wallClock: { 1_763_890_560_123 }))
    let value = try body(store)
    try store.close()
    return value
  }

  /// Three generations of layer-1's mix: 0.125, 0.375, 0.625.
  func storeThree() throws {
    try store([0.125, 0.375, 0.625].map { sampleState(layers: 2).setting("layer-1", mix: $0) })
  }

  /// Stores `count` generations and leaves the folder as a killed host does: the newest ones stand in the log only.
  func storeInLog(_ count: Int, layers: Int = 2) throws {
    let live = "\(root)/live"
    let store = try GenerationStore.open(StoreOptions.studio(folder: live, wallClock: { 1_763_890_560_123 }))
    for number in 1...count {
      let request = PersistenceRequest(
        target: .runtimeState, reason: "parameter.set", actor: "http", sequence: UInt64(number))
      let state = sampleState(layers: layers).setting("layer-\(number % layers + 1)", mix: Double(number) / 1000)
      _ = try store.store(PersistenceSnapshot(state: state, request: request, requestCount: 1), requests: 1)
    }
    try DataFolder.createFolder(folder)
    for name in ["state.db", "state.db-wal", "head.json"] {
      if let bytes = try DurableFile.read("\(live)/\(name)", limit: 1 << 26) {
        try DurableFile.replace("\(folder)/\(name)", with: bytes)
      }
    }
    try store.close()
  }

  /// Every file in the data folder.
  func contents() throws -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for entry in try FolderListing.entries(of: folder) where entry.isRegularFile {
      contents[entry.name] = try DurableFile.read("\(folder)/\(entry.name)", limit: 1 << 26)
    }
    return contents
  }

  /// Turns bytes of the database file over, as a failing disk would.
  func replaceInDatabase(_ text: String, with other: String) throws {
    var bytes = try #require(try DurableFile.read(workbench.databasePath, limit: 1 << 24))
    let (old, new) = (Array(text.utf8), Array(other.utf8))
    try #require(old.count == new.count)
    var found = 0
    for start in 0...(bytes.count - old.count) where bytes[start..<(start + old.count)].elementsEqual(old) {
      bytes.replaceSubrange(start..<(start + old.count), with: new)
      found += 1
    }
    try #require(found > 0)
    try DurableFile.replace(workbench.databasePath, with: bytes)
  }

  func summaries() throws -> [GenerationSummary] {
    let reader = try GenerationReader.open(.studio, databasePath: workbench.databasePath)
    defer { reader.close() }
    return try reader.list()
  }

  func state(_ generation: Int64) throws -> StudioState {
    let reader = try GenerationReader.open(.studio, databasePath: workbench.databasePath)
    defer { reader.close() }
    return try reader.load(generation).state
  }
}

private func removeTree(_ path: String) {
  for entry in (try? FolderListing.entries(of: path)) ?? [] {
    if unlink("\(path)/\(entry.name)") != 0 { removeTree("\(path)/\(entry.name)") }
  }
  rmdir(path)
}

let sampleCatalog = PackageCatalog(storedJSON: [
  "plasma": [
    "INPUTS": [
      ["NAME": "mix", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0, "MAX": 1],
      ["NAME": "speed", "TYPE": "float", "DEFAULT": 0.25],
    ]
  ]
])

func layerID(_ name: String) -> LayerID {
  guard let id = LayerID(name) else { preconditionFailure("a bad name in a test: \(name)") }
  return id
}

func selector(_ text: String) -> GenerationSelector {
  guard let selector = GenerationSelector(text) else { preconditionFailure("a bad selector in a test: \(text)") }
  return selector
}

func sampleLayer(_ name: String) -> Layer {
  guard let package = PackageID("plasma"), let definition = sampleCatalog[package] else {
    preconditionFailure("the sample package is missing")
  }
  return Layer(id: layerID(name), name: name, package: package, parameters: definition.defaults)
}

/// `count` layers named layer-1, layer-2, …
func sampleState(layers count: Int) -> StudioState {
  StudioState(layers: LayerStack((1...count).map { sampleLayer("layer-\($0)") }), packages: sampleCatalog)
}

extension StudioState {
  func setting(_ name: String, mix: Double) -> StudioState {
    changed { state in
      guard let layer = layers[layerID(name)] else { return }
      var table = layer.parameters
      _ = table.replace("mix", with: .double(mix))
      state.layers.replace(layer.with(parameters: table))
    }
  }

  func changed(_ body: (inout StudioState) -> Void) -> StudioState {
    var state = self
    body(&state)
    return state
  }
}
