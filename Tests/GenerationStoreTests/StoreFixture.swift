import Documents
import DurableFiles
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Synchronization
import Testing

@testable import GenerationStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A data folder of its own with a clock of its own; removed at the end.
final class StoreFixture {
  let root: String
  let clock = ManualWallClock()
  let notices = NoticeBox()
  var options: StoreOptions

  /// The data folder; it does not exist before the first opening.
  var folder: String { options.folder }
  var database: String { "\(folder)/state.db" }

  /// - Parameter inMemory: on a file system without a disk, where there is one, for tests that store very often.
  init(inMemory: Bool = false) throws {
    let parent = inMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/afterimage-store-XXXXXX".utf8CString)
    root = String(cString: try #require(mkdtemp(&template)))
    let (clock, notices) = (clock, notices)
    options = StoreOptions.studio(folder: "\(root)/data", wallClock: { clock.now })
    options.notice = { notices.append($0) }
    // Deep in the ring's past nothing is kept by the clock unless a test asks for it.
    options.retention = RetentionPolicy(newest: 64, hourly: 0, daily: 0)
    options.busyTimeoutMilliseconds = 20
  }

  deinit {
    removeTree(root)
  }

  func open() throws -> GenerationStore {
    try GenerationStore.open(options)
  }

  func reader() throws -> GenerationReader {
    try GenerationReader.open(.studio, databasePath: database)
  }

  /// A copy of the database with its log, in a data folder of its own.
  func copy(_ name: String) throws -> StoreOptions {
    var copied = options
    copied.folder = "\(root)/\(name)"
    try DataFolder.createFolder(copied.folder)
    for file in ["state.db", "state.db-wal"] {
      guard let bytes = try DurableFile.read("\(folder)/\(file)", limit: 1 << 30) else { continue }
      try DurableFile.replace("\(copied.folder)/\(file)", with: bytes)
    }
    return copied
  }

  /// Runs SQL on the database through a connection without any of the store's guards, as an accident would.
  func tamper(_ sql: String) throws {
    let connection = try Connection(database, .copy)
    defer { connection.close() }
    try connection.execute(sql)
  }
}

final class ManualWallClock: Sendable {
  private let time = Mutex<Int64>(1_763_890_560_123)
  var now: Int64 { time.withLock { $0 } }
  func advance(by milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}

final class NoticeBox: Sendable {
  private let list = Mutex<[String]>([])
  func append(_ notice: String) { list.withLock { $0.append(notice) } }
  var all: [String] { list.withLock { $0 } }
}

private func removeTree(_ path: String) {
  for entry in (try? FolderListing.entries(of: path)) ?? [] {
    if unlink("\(path)/\(entry.name)") != 0 { removeTree("\(path)/\(entry.name)") }
  }
  rmdir(path)
}

// Shows.

func layerID(_ name: String) -> LayerID {
  guard let id = LayerID(name) else { preconditionFailure("a bad name in a test: \(name)") }
  return id
}

/// As it comes back from the disk: the headers' members are in canonical order.
let sampleCatalog = PackageCatalog(
  storedJSON: canonical([
    "plasma": [
      "INPUTS": [
        ["NAME": "mix", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0, "MAX": 1],
        ["NAME": "speed", "TYPE": "float", "DEFAULT": 0.25],
        ["NAME": "steps", "TYPE": "long", "DEFAULT": 3],
        ["NAME": "centre", "TYPE": "point2D", "DEFAULT": [0.5, 0.5]],
        ["NAME": "tint", "TYPE": "color", "DEFAULT": [1.0, 0.5, 0.25, 1.0]],
        ["NAME": "on", "TYPE": "bool", "DEFAULT": true],
        ["NAME": "title", "TYPE": "text", "DEFAULT": "a \"quoted\" title"],
      ]
    ]
  ]))

private func canonical(_ value: JSONValue) -> JSONValue {
  (try? JSONParser.parse(CanonicalJSON.encode(value), limits: .init(bytes: 1 << 20))) ?? .null
}

func sampleLayer(_ name: String, mix: Double = 0.5) -> Layer {
  guard let package = PackageID("plasma"), let definition = sampleCatalog[package] else {
    preconditionFailure("the sample package is missing")
  }
  var table = definition.defaults
  _ = table.replace("mix", with: .double(mix))
  return Layer(id: layerID(name), name: name.uppercased(), package: package, parameters: table)
}

/// `count` layers named layer-1, layer-2, …
func sampleState(layers count: Int) -> StudioState {
  StudioState(
    layers: LayerStack((1...max(1, count)).prefix(count).map { sampleLayer("layer-\($0)") }), packages: sampleCatalog)
}

extension StudioState {
  func setting(_ name: String, mix: Double) -> StudioState {
    var state = self
    if let layer = layers[layerID(name)] {
      var table = layer.parameters
      _ = table.replace("mix", with: .double(mix))
      state.layers.replace(layer.with(parameters: table))
    }
    return state
  }
}

func snapshot(
  _ state: StudioState, _ sequence: UInt64, reason: String = "parameter.set", origin: GenerationOrigin = .mutation
) -> PersistenceSnapshot {
  PersistenceSnapshot(
    state: state,
    request: PersistenceRequest(
      target: .runtimeState, reason: reason, actor: "osc:127.0.0.1:50123", origin: origin, sequence: sequence),
    requestCount: sequence)
}

extension GenerationStore {
  /// Moves the whole log into the database now.
  func emptyLog() throws {
    let session = try openSession()
    _ = try session.connection.checkpoint(.truncate, busyTimeoutMilliseconds: 20)
    session.noteSizes()
  }

  @discardableResult
  func put(_ state: StudioState, _ sequence: UInt64) throws -> StoredGeneration {
    try store(snapshot(state, sequence), requests: 1)
  }

  /// Stores `count` generations, each with another value in the first layer; the last state.
  @discardableResult
  func fill(_ count: Int, from state: StudioState, firstSequence: UInt64 = 1) throws -> StudioState {
    var state = state
    for offset in 0..<count {
      let sequence = firstSequence + UInt64(offset)
      state = state.setting("layer-1", mix: Double(sequence % 1000) / 1000)
      try put(state, sequence)
    }
    return state
  }

  /// Everything that must hold of the database at any time.
  func expectSound(_ location: SourceLocation = #_sourceLocation) throws {
    let session = try openSession()
    #expect(try session.connection.text("PRAGMA integrity_check") == "ok", sourceLocation: location)
    let violations = try session.connection.text("PRAGMA foreign_key_check")
    #expect(violations == nil, sourceLocation: location)
    let rows = StoredRows(connection: session.connection)
    var named: Set<Int64> = []
    for row in try rows.generations() {
      let reading = try #require(try GenerationReading(row.record.generation, rows, .studio))
      #expect(reading.damaged.isEmpty, sourceLocation: location)
      for range in row.documents?.ranges ?? [] { named.formUnion(range) }
    }
    let present = Set(try rows.references().map(\.id))
    #expect(present == named, "documents without a generation, or the other way round", sourceLocation: location)
    #expect(
      session.ring.entries.map(\.generation) == (try rows.generations().map(\.record.generation)),
      sourceLocation: location)
  }
}
