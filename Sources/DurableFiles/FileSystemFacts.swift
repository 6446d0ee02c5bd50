#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file system of a folder, described for an operator. Read without writing.
package struct FileSystemFacts: Sendable, Equatable {
  /// The suitability for a database; see ``DataFolder/prepare(_:allowUnsafeFileSystem:)``.
  package enum Verdict: Sendable, Equatable {
    case accepted
    case warned(String)
    case refused(String)
  }

  /// The number of the folder's device: two folders on the same device fail together.
  package var device: UInt64
  /// The kernel's name, such as `ext4`; nil if the system does not report it.
  package var type: String?
  package var mountPoint: String?
  package var source: String?
  package var options: [String]
  package var isNetwork: Bool
  package var isReadOnly: Bool
  package var verdict: Verdict
  /// Free bytes for users without privileges.
  package var freeBytes: Int64
  package var totalBytes: Int64
  /// Nil if the file system allocates inodes dynamically.
  package var freeInodes: Int64?

  package init(
    device: UInt64 = 1, type: String? = "ext4", mountPoint: String? = "/", source: String? = nil,
    options: [String] = [], isNetwork: Bool = false, isReadOnly: Bool = false, verdict: Verdict = .accepted,
    freeBytes: Int64, totalBytes: Int64, freeInodes: Int64? = nil
  ) {
    self.device = device
    self.type = type
    self.mountPoint = mountPoint
    self.source = source
    self.options = options
    self.isNetwork = isNetwork
    self.isReadOnly = isReadOnly
    self.verdict = verdict
    self.freeBytes = freeBytes
    self.totalBytes = totalBytes
    self.freeInodes = freeInodes
  }

  /// Nil if `path` does not exist.
  package init?(of path: String) {
    var place = stat()
    var space = statvfs()
    guard stat(path, &place) == 0, statvfs(path, &space) == 0, let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    let mount = Self.mount(device: UInt64(place.st_dev), path: String(cString: resolved))
    let kind = mount.map { FileSystemType(name: $0.type) }
    let unit = Int64(clamping: space.f_frsize)
    self.init(
      device: UInt64(place.st_dev), type: mount?.type,
      mountPoint: mount.map { String(decoding: $0.point, as: UTF8.self) },
      source: mount?.source, options: mount?.options ?? [], isNetwork: kind?.isNetwork ?? false,
      // ST_RDONLY is 1 in every libc; Swift does not import it everywhere.
      isReadOnly: space.f_flag & 1 != 0, verdict: Verdict(kind?.verdict),
      freeBytes: Int64(clamping: space.f_bavail) * unit, totalBytes: Int64(clamping: space.f_blocks) * unit,
      freeInodes: space.f_files == 0 ? nil : Int64(clamping: space.f_favail))
  }

  private static func mount(device: UInt64, path: String) -> MountTable.Mount? {
    guard let table = (try? DurableFile.read("/proc/self/mountinfo", limit: 16 << 20)) ?? nil else { return nil }
    return MountTable(String(decoding: table, as: UTF8.self)).mount(device: device, path: path)
  }
}

extension FileSystemFacts.Verdict {
  fileprivate init(_ verdict: FileSystemType.Verdict?) {
    switch verdict {
    case .accepted: self = .accepted
    case .warned(let reason): self = .warned(reason)
    case .refused(let reason): self = .refused(reason)
    case nil: self = .warned("its type can't be found out")
    }
  }
}
