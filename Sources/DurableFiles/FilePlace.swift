#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A path split into the folder and the name in it. Every call names the file relative to the open folder, so that the
/// synced folder is the one that contains the file.
struct FilePlace {
  let folder: String
  let name: String

  init(_ path: String) throws(FileFailure) {
    let bytes = Array(path.utf8)
    // The system would end the path at the zero byte and use another file.
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
