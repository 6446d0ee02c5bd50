/// Parses Linux's table of mounts in the format of `/proc/self/mountinfo` (proc(5)) to find the file system of a
/// folder.
///
/// statfs returns only a number, and Swift's Glibc module does not offer it. The table has the names that operators
/// know.
struct MountTable {
  struct Mount {
    fileprivate let device: Substring
    let point: [UInt8]
    let type: String
    /// The mounted device or export, such as `/dev/sda1` or `server:/export`.
    let source: String
    /// The options of the mount and of the file system beneath.
    let options: [String]
  }

  private let mounts: [Mount]

  init(_ text: String) {
    mounts = text.split(separator: "\n").compactMap(Self.mount)
  }

  /// - Parameters:
  ///   - device: the folder's `st_dev`.
  ///   - path: the folder's path without symbolic links. Used when no mount has the device's number, as within Btrfs,
  ///     whose subvolumes have numbers of their own.
  func fileSystemType(device: UInt64, path: String) -> FileSystemType? {
    mount(device: device, path: path).map { FileSystemType(name: $0.type) }
  }

  /// See ``fileSystemType(device:path:)``. One device may be mounted at several points with different options; the path
  /// selects among them.
  func mount(device: UInt64, path: String) -> Mount? {
    let number = Self.number(ofDevice: device)
    let path = Array(path.utf8)
    let ofDevice = mounts.filter { $0.device == number }
    if let mount = Self.deepest(around: path, in: ofDevice) ?? ofDevice.last { return mount }
    return Self.deepest(around: path, in: mounts)
  }

  private static func deepest(around path: [UInt8], in mounts: [Mount]) -> Mount? {
    let around = mounts.filter { isPath(path, within: $0.point) }
    // The deepest mount; of several on one point the last one, which hides the others.
    let depth = around.map(\.point.count).max()
    return around.last { $0.point.count == depth }
  }

  /// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`
  private static func mount(_ line: Substring) -> Mount? {
    let fields = line.split(separator: " ")
    guard fields.count > 6, let separator = fields[6...].firstIndex(of: "-"), separator + 1 < fields.count else {
      return nil
    }
    let rest = fields[(separator + 1)...]
    let options = [fields[5]] + rest.dropFirst(2).prefix(1)
    var all: [String] = []
    for option in options.flatMap({ $0.split(separator: ",") }).map(String.init) where !all.contains(option) {
      all.append(option)
    }
    return Mount(
      device: fields[2], point: unescaped(fields[4]), type: String(fields[separator + 1]),
      source: rest.dropFirst().first.map { String(decoding: unescaped($0), as: UTF8.self) } ?? "", options: all)
  }

  /// Space, tab, line feed and backslash are escaped as `\040` and so on.
  private static func unescaped(_ field: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = field.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8) {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  private static func isPath(_ path: [UInt8], within point: [UInt8]) -> Bool {
    let slash = UInt8(ascii: "/")
    return point == [slash] || path.starts(with: point) && (path.count == point.count || path[point.count] == slash)
  }

  /// Linux's packing of a device number in 64 bits (gnu_dev_major, gnu_dev_minor), as `major:minor`.
  static func number(ofDevice device: UInt64) -> String {
    let major = (device >> 8) & 0xFFF | (device >> 32) & 0xFFFF_F000
    let minor = device & 0xFF | (device >> 12) & 0xFFFF_FF00
    return "\(major):\(minor)"
  }
}
