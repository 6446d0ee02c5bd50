#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A path as the folder and the name in it: every call names the file relative to the open folder, so that the folder
/// that is synced is the one that holds the file.
struct FilePlace {
  let folder: String
  let name: String

  init(_ path: String) throws(FileFailure) {
    let bytes = Array(path.utf8)
    // The system would stop reading at a zero byte and work on another file.
    guard !bytes.contains(0) else { throw Self.unusable(path, "it holds a zero byte") }
    let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
    name = String(decoding: bytes[(slash.map { $0 + 1 } ?? 0)...], as: UTF8.self)
    guard !name.isEmpty, name != ".", name != ".." else { throw Self.unusable(path, "it names no file") }
    switch slash {
    case nil: folder = "."
    case 0: folder = "/"
    case .some(let index): folder = String(decoding: bytes[..<index], as: UTF8.self)
    }
  }

  private static func unusable(_ path: String, _ reason: String) -> FileFailure {
    FileFailure(path: path, call: "open", code: EINVAL, message: "the path \"\(path)\" can't be used: \(reason)")
  }
}
