import Foundation

/// A folder of its own for a test, removed at the end.
package final class ScenarioFolder {
  package let path: String

  package init() throws {
    path = NSTemporaryDirectory() + "afterimage-scenario-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}
