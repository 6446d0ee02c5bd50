import HostHarness
import Testing

/// A file system of one megabyte with a data folder on it, and the means to fill it.
struct SmallFileSystem {
  static let programs = ["unshare", "nsenter", "mount", "dd", "sqlite3"]

  let mounts: PrivateMounts
  let folder: String
  var place: Place { Place(dataFolder: "\(folder)/data", prefix: mounts.prefix) }
  private var ballast: String { "\(folder)/ballast" }

  fileprivate init(at folder: String) async throws {
    self.folder = folder
    mounts = try await PrivateMounts()
    try await mounts.run(["mkdir", folder])
    try await mounts.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", folder])
  }

  /// Until not one more page fits.
  func fill() async throws {
    let words = ["dd", "if=/dev/zero", "of=\(ballast)", "bs=4096", "oflag=append", "conv=notrunc", "status=none"]
    _ = try await Program.result(mounts.prefix + words)
  }

  func free() async throws { try await mounts.run(["rm", ballast]) }
}

func withSmallFileSystem(_ body: (SmallFileSystem) async throws -> Void) async throws {
  try await withScenario { try await body(SmallFileSystem(at: $0.dataFolder)) }
}
