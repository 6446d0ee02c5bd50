import DurableFiles

/// Identifies one boot of the machine, to distinguish the end of a process from the end of the machine.
public enum BootID {
  /// The current boot; nil if the system does not report it.
  public static var current: String? {
    guard let bytes = (try? DurableFile.read("/proc/sys/kernel/random/boot_id", limit: 64)) ?? nil else { return nil }
    let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return isUsable(text) ? text : nil
  }

  /// Whether the text fits into `starts.json` without escapes.
  static func isUsable(_ text: String) -> Bool {
    (1...36).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      }
  }
}
