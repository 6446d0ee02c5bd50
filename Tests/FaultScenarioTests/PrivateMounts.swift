import Foundation
import HostHarness

/// A mount namespace for one scenario. A process holds it that ends when its standard input does, so mounts and loop
/// devices go when the last host in it has ended, also when the test dies.
final class PrivateMounts {
  private let holder: Process
  private let input = Pipe()

  /// Needs root, `unshare` and `nsenter`.
  init() async throws {
    holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    holder.arguments = ["unshare", "--mount", "--propagation", "private", "cat"]
    holder.standardInput = input
    holder.standardOutput = FileHandle.nullDevice
    try holder.runUnblocked()
    let own = try Self.namespace(of: "self")
    let pid = "\(holder.processIdentifier)"
    try await eventually("a mount namespace") { (try? Self.namespace(of: pid)) ?? own != own }
  }

  deinit {
    if holder.isRunning { kill(holder.processIdentifier, SIGKILL) }
  }

  private static func namespace(of process: String) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/mnt")
  }

  /// In front of a program that is to see these mounts.
  var prefix: [String] { ["nsenter", "--target", "\(holder.processIdentifier)", "--mount"] }

  /// Runs a program that sees them, to its end, and expects success.
  @discardableResult
  func run(_ words: [String]) async throws -> String { try await Program.run(prefix + words) }
}
