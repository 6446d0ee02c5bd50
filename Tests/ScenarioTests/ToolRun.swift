import Documents
import Foundation
import GenerationStore
import HostHarness
import PersistenceMessages
import Studio
import StudioState
import Testing

/// The recovery tool as its users run it: a process, its exit code, and what it wrote.
struct ToolRun {
  var exit: Int32
  /// Data.
  var output: String
  /// Messages.
  var errors: String

  /// Runs to the end. There is no terminal.
  ///
  /// - Parameter before: a program and its arguments that run the tool, such as one that changes the user.
  @discardableResult
  static func run(
    _ arguments: [String], before: [String] = [], output: FileHandle? = nil
  ) async throws -> ToolRun {
    try await onOwnThread { try runOnThisThread(arguments, before: before, output: output) }
  }

  private static func runOnThisThread(
    _ arguments: [String], before: [String], output: FileHandle?
  ) throws -> ToolRun {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = before + ["\(HostProcess.binaries)/afterimage"] + arguments
    process.standardInput = FileHandle.nullDevice
    // Files and not pipes: nobody has to read two of them at once.
    let folder = try ScenarioFolder()
    let (outputPath, errorsPath) = ("\(folder.path)/output", "\(folder.path)/errors")
    for path in [outputPath, errorsPath] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardOutput = try output ?? FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorsPath))
    try process.run()
    process.waitUntilExit()
    let text = { (path: String) in try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self) }
    return ToolRun(exit: process.terminationStatus, output: try text(outputPath), errors: try text(errorsPath))
  }

  func json() throws -> JSONValue {
    try JSONParser.parse(Array(output.utf8), limits: .init(bytes: 16 << 20))
  }
}

extension ScenarioFolder {
  /// A stopped show with generations 1 to `count` of an empty state at different frame rates.
  func makeShow(_ count: Int = 3, name: String = "data") throws -> String {
    let folder = "\(path)/\(name)"
    let store = try GenerationStore.open(StoreOptions.studio(folder: folder))
    for number in 1...count {
      var state = StudioState()
      state.config.frameRate = 23 + Double(number)
      let request = PersistenceRequest(
        target: .runtimeConfig, reason: "config.set", actor: "test", sequence: UInt64(number))
      _ = try store.store(PersistenceSnapshot(state: state, request: request, requestCount: 1), requests: 1)
    }
    try store.close()
    return folder
  }
}
