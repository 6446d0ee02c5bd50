import BuiltInPackages
import Documents
import Foundation
import GenerationStore
import HostHarness
import PersistenceMessages
import Studio
import StudioState

/// The location of a scenario's data folder, and the programs through which it is accessible.
struct Place: Sendable {
  var dataFolder: String
  /// Words in front of a program that is to see the folder; empty when everybody does.
  var prefix: [String] = []

  var database: String { "\(dataFolder)/state.db" }
  var log: String { "\(dataFolder)/state.db-wal" }

  /// Runs a program that sees the folder, to its end, and expects success.
  @discardableResult
  func run(_ words: [String]) async throws -> String { try await Program.run(prefix + words) }

  /// Puts the demo show there, as generation 1, with a picture so small that a debug build renders it with ease.
  func putShow() async throws {
    try await run(["mkdir", "-p", "-m", "700", dataFolder])
    try await run(["cp", try SmallShow.database.get(), database])
  }

  /// The parameter that scenarios change, in the newest generation, read by somebody else.
  func storedMix() async throws -> JSONValue? {
    let sql = "SELECT value FROM generation_parameters WHERE parameter = 'mix' ORDER BY generation DESC LIMIT 1"
    let text = try await run(["sqlite3", "-readonly", database, sql])
    return try? JSONParser.parse(Array(text.trimmingCharacters(in: .newlines).utf8), limits: .init(bytes: 1 << 10))
  }

  /// The names of the folders in quarantine.
  func quarantined() async -> [String] {
    let list = try? await Program.result(prefix + ["ls", "\(dataFolder)/quarantine"])
    guard let list, list.status == 0 else { return [] }
    return list.output.split(separator: "\n").map(String.init)
  }
}

/// A database that holds the demo show, made once for all scenarios.
enum SmallShow {
  static let database = Result { try make() }

  private static func make() throws -> String {
    let folder = NSTemporaryDirectory() + "afterimage-small-show-\(getpid())"
    let store = try GenerationStore.open(StoreOptions.studio(folder: folder))
    var state = BuiltInPackages.demoState
    state.config.frameRate = 25
    state.config.outputWidth = 64
    state.config.outputHeight = 36
    let request = PersistenceRequest(
      target: .runtimeState, reason: "scenario", actor: "test", origin: .initial, sequence: 1)
    _ = try store.store(PersistenceSnapshot(state: state, request: request, requestCount: 1), requests: 1)
    try store.close()
    atexit { try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "afterimage-small-show-\(getpid())") }
    return folder + "/state.db"
  }
}
