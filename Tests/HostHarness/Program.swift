import Foundation

/// Programs of the machine that a test runs to their end.
package enum Program {
  package struct Failure: Error, CustomStringConvertible {
    package var words: [String]
    package var status: Int32
    package var output: String

    package var description: String { "\(words.joined(separator: " ")) ended with \(status): \(output)" }
  }

  /// Where a program of that name is in the PATH or where administrators' programs are; nil when there is none.
  package static func path(of name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return (folders + ["/usr/sbin", "/sbin"]).map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs a program to its end.
  ///
  /// - Returns: its exit code, and what it wrote on both its outputs.
  package static func result(_ words: [String]) async throws -> (status: Int32, output: String) {
    try await onOwnThread { try resultOnThisThread(words) }
  }

  private static func resultOnThisThread(_ words: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.runUnblocked()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  /// Runs a program that has to succeed.
  @discardableResult
  package static func run(_ words: [String]) async throws -> String {
    let (status, output) = try await result(words)
    guard status == 0 else { throw Failure(words: words, status: status, output: output) }
    return output
  }
}
