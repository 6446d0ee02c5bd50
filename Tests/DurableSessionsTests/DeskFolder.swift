import Afterimage
import Foundation

struct Desk: DurableState, Codable, Equatable {
  var master = 1.0
  var cues: [String: Double] = [:]
}

/// A data folder that is removed with the test, and sessions on it.
final class DeskFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "desk-\(UUID().uuidString)").path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var options: SessionOptions {
    var options = SessionOptions()
    options.debounce = .zero
    return options
  }

  func open(_ options: SessionOptions? = nil) async throws -> DurableSession<Desk> {
    try await DurableSession.open(path, initial: Desk(), program: "light-desk", options: options ?? self.options)
  }

  /// Changes the database of a closed session, as damage or another program would.
  func tamper(_ sql: String) throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/usr/bin/sqlite3")
    shell.arguments = ["\(path)/state.db", sql]
    try shell.run()
    shell.waitUntilExit()
  }
}
