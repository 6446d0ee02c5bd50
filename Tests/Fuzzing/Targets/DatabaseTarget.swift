import Glibc
import PersistenceMessages
import Studio
import StudioState

@testable import GenerationStore

/// A database with damage (``DatabaseTemplate/write(damagedBy:to:)``): every generation is read as it was stored, or not
/// at all.
func aDamagedDatabaseNeverGivesAnotherState(_ bytes: UnsafeBufferPointer<UInt8>) {
  let template = DatabaseTemplate.shared
  template.write(damagedBy: bytes, to: template.path)
  guard let reader = try? GenerationReader.open(.studio, databasePath: template.path, leavingNoTrace: true) else {
    return
  }
  defer { reader.close() }
  let listed = ((try? reader.list()) ?? []).prefix(16).map(\.generation)
  for generation in Set(listed + template.states.keys.sorted()) {
    _ = try? reader.verify(generation)
    guard let loaded = try? reader.load(generation) else { continue }
    // A database that says that it is newer than this program is read through its own views, which check nothing.
    guard !reader.isNewerSchema else { continue }
    mustHold(loaded.state == template.states[generation], "generation \(generation) is what was stored, or nothing")
  }
}

/// A small database with its true content, made once for the process.
final class DatabaseTemplate: Sendable {
  static let shared = DatabaseTemplate()

  let path: String
  let states: [Int64: StudioState]
  private let content: [UInt8]

  private init() {
    let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(root)/afterimage-fuzz-XXXXXX".utf8CString)
    guard let folder = mkdtemp(&name).map({ String(cString: $0) }) else { fatalError("no folder in \(root)") }
    path = "\(folder)/damaged.db"
    (states, content) = mustSucceed("a database can be made") { try Self.make("\(folder)/whole") }
  }

  private static func make(_ folder: String) throws -> ([Int64: StudioState], [UInt8]) {
    let store = try GenerationStore.open(StoreOptions.studio(folder: folder, wallClock: { 1_763_890_560_123 }))
    var state = SampleShow.state
    var states: [Int64: StudioState] = [:]
    for sequence in 1...4 as ClosedRange<UInt64> {
      state.config.outputName = "Output \(sequence)"
      for layer in state.layers.prefix(1) { state.layers.replace(layer.with(opacity: 1 / Double(sequence))) }
      let request = PersistenceRequest(target: .runtimeState, reason: "fuzz", actor: "fuzz", sequence: sequence)
      let stored = try store.store(PersistenceSnapshot(state: state, request: request, requestCount: 1), requests: 1)
      states[stored.generation] = state
    }
    try store.close()
    guard let file = fopen("\(folder)/state.db", "rb") else { fatalError("the database is not there") }
    defer { fclose(file) }
    var content = [UInt8](repeating: 0, count: 4 << 20)
    content.removeLast(content.count - fread(&content, 1, content.count, file))
    return (states, content)
  }

  /// A data folder that no input has used before.
  func freshFolder() -> String {
    var name = Array("\(path)-XXXXXX".utf8CString)
    guard let folder = mkdtemp(&name).map({ String(cString: $0) }) else { fatalError("no folder beside \(path)") }
    return folder
  }

  static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { remove("\(path)/\(name)") }
    }
    closedir(folder)
    rmdir(path)
  }

  /// Writes the database with damage, four bytes each: where, and what stands there now. A byte that is left over says
  /// how much of the file's end is missing, in 256ths.
  func write(damagedBy bytes: UnsafeBufferPointer<UInt8>, to path: String) {
    var database = content
    for start in stride(from: 0, to: bytes.count - 3, by: 4) {
      let offset = Int(bytes[start]) | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2]) << 16
      database[offset % database.count] = bytes[start + 3]
    }
    if let cut = bytes.last, bytes.count % 4 == 1 { database.removeLast(database.count * Int(cut) / 256) }
    guard let file = fopen(path, "wb") else { fatalError("\(path) can't be written") }
    fwrite(database, 1, database.count, file)
    fclose(file)
  }
}
