import Documents
package import Foundation
import StudioState
import Synchronization

/// Reads a host's standard output line by line, on a thread of its own.
final class JournalReader: Sendable {
  let pipe = Pipe()
  private let notes = Mutex<(lines: [JSONValue], isComplete: Bool)>(([], false))

  var lines: [JSONValue] { notes.withLock { $0.lines } }
  /// Whether the host has closed its end.
  var isComplete: Bool { notes.withLock { $0.isComplete } }

  func start() {
    Thread { self.read() }.start()
  }

  private func read() {
    var rest: [UInt8] = []
    while true {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      rest += data
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        if let line = try? JSONParser.parse(rest[..<end], limits: .init(bytes: 1 << 20)) {
          notes.withLock { $0.lines.append(line) }
        }
        rest.removeSubrange(...end)
      }
    }
    notes.withLock { $0.isComplete = true }
  }
}

/// Collects what a program writes, on a thread of its own, so that a full pipe never holds the program up.
package final class TextReader: Sendable {
  package let pipe = Pipe()
  private let notes = Mutex<(bytes: [UInt8], isComplete: Bool)>(([], false))

  package init() {}

  package var text: String { notes.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
  /// Whether the program has closed its end.
  package var isComplete: Bool { notes.withLock { $0.isComplete } }

  package func start() {
    Thread { self.read() }.start()
  }

  private func read() {
    while true {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      notes.withLock { $0.bytes += data }
    }
    notes.withLock { $0.isComplete = true }
  }
}
