#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The reason why a file or folder could not be read, written, moved or removed.
public struct FileFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file or folder that the caller named.
  public var path: String
  /// The failed operation, such as `write` or `fsync of the folder`.
  public var call: String
  /// The system's error number (errno).
  public var code: Int32
  /// One sentence: the operation, its object, and the system's error text.
  public var message: String
  /// What the operator can do.
  public var remedy: String

  public init(path: String, call: String, code: Int32, message: String? = nil, remedy: String? = nil) {
    self.path = path
    self.call = call
    self.code = code
    self.message = message ?? "\(call) failed for \(path): \(Self.words(for: code))"
    self.remedy = remedy ?? Self.remedy(for: code)
  }

  init(_ failure: CallFailure, path: String) {
    self.init(path: path, call: failure.call.rawValue, code: failure.code)
  }

  /// Whether the file is larger than the reader's bound or the system's limit.
  public var isTooLarge: Bool { code == EFBIG }

  public var description: String { "\(message). \(remedy)" }

  static func words(for code: Int32) -> String {
    // glibc keeps the text in thread-local storage, so concurrent callers do not disturb each other.
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  static func remedy(for code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "Free space on this file system, or raise the quota."
    case EACCES, EPERM: "Give the user of this process permission to read and write there."
    case EROFS: "Mount the file system writable, or choose another folder."
    case EIO: "Check the disk (dmesg shows what the kernel saw), and copy what matters elsewhere."
    case ENOENT: "Create the folder, or correct the path."
    case ENOTDIR: "Correct the path: a part of it is a file and not a folder."
    case EISDIR: "Correct the path: it names a folder and not a file."
    case ELOOP: "Put the file itself there: symbolic links are not followed."
    case EFBIG: "Make the file smaller, or raise the file size limit (ulimit -f)."
    case EMFILE, ENFILE: "Raise the limit of open files (ulimit -n)."
    case ENAMETOOLONG: "Choose a shorter name."
    case EXDEV: "Choose a place on the same file system."
    case EEXIST: "Choose another name, or move what is there out of the way."
    case EINVAL: "Correct the path."
    default: "Correct the cause and try again."
    }
  }
}
