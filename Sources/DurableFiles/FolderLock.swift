import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The exclusive right to change a data folder: a flock on its `host.lock`, held by at most one process and released
/// when it ends. Host and recovery tool both take it; readers need no lock.
///
/// flock instead of fcntl locks, because those are lost when the process closes any descriptor of the file.
public final class FolderLock: Sendable {
  /// The holder according to the lock's file. The file is written after the lock is taken, so for a moment it may be
  /// empty or name an earlier holder.
  public struct Holder: Sendable, Equatable, CustomStringConvertible {
    public var pid: Int32?
    /// The name of the program, such as `afterimage-host`.
    public var program: String?

    public init(pid: Int32?, program: String?) {
      self.pid = pid
      self.program = program
    }

    public var description: String {
      let name = program ?? "another program"
      return pid.map { "\(name) (process \($0))" } ?? name
    }
  }

  private let folder: String
  private let program: String
  /// The open lock file; nil once released.
  private let descriptor: Mutex<Int32?>

  /// Takes the lock or fails at once.
  ///
  /// - Parameter program: the name of this program, for the error message of others.
  public init(folder: String, program: String) throws(FolderLockFailure) {
    self.folder = folder
    self.program = program
    descriptor = Mutex(try Self.take(folder: folder, program: program))
  }

  /// Whether the locked file is still in the folder. If it was replaced, other processes lock the new file.
  public var isInPlace: Bool {
    guard let file = descriptor.withLock({ $0 }) else { return false }
    var own = stat()
    var there = stat()
    return fstat(file, &own) == 0 && lstat(DataFolderLayout(folder).lock, &there) == 0
      && own.st_dev == there.st_dev && own.st_ino == there.st_ino
  }

  /// Takes the lock of the folder that is at the path now, after the folder was moved or created again. The old lock is
  /// released only then.
  public func takeAgain() throws(FolderLockFailure) {
    let new = try Self.take(folder: folder, program: program)
    let old = descriptor.withLock { file in
      defer { file = new }
      return file
    }
    if let old { close(old) }
  }

  /// - Returns: the descriptor that holds the lock.
  private static func take(folder: String, program: String) throws(FolderLockFailure) -> Int32 {
    let path = DataFolderLayout(folder).lock
    let file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .file(FileFailure(path: path, call: "open", code: errno)) }
    guard lock(file) else {
      let code = errno
      close(file)
      guard code == EWOULDBLOCK else { throw .file(FileFailure(path: path, call: "flock", code: code)) }
      throw .held(by: holder(in: path), folder: folder)
    }
    // The content only informs other processes; the lock is valid without it.
    let content = Array("\(getpid())\n\(program)\n".utf8)
    _ = fchmod(file, 0o600)
    _ = ftruncate(file, 0)
    _ = content.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
    return file
  }

  deinit { release() }

  /// Releases the lock. Any thread; a second call does nothing. The file remains: if it were removed, two processes
  /// could lock two files of the same name.
  public func release() {
    descriptor.withLock { file in
      if let file { close(file) }
      file = nil
    }
  }

  private static func lock(_ file: Int32) -> Bool {
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno != EINTR { return false }
    }
    return true
  }

  static func holder(in path: String) -> Holder {
    let content = (try? DurableFile.read(path, limit: 4096)) ?? []
    let lines = String(decoding: content, as: UTF8.self).split(separator: "\n").map(String.init)
    return Holder(pid: lines.first.flatMap { Int32($0) }, program: lines.count > 1 ? lines[1] : nil)
  }
}

public enum FolderLockFailure: Error, Sendable, Equatable, CustomStringConvertible {
  case held(by: FolderLock.Holder, folder: String)
  case file(FileFailure)

  public var description: String {
    switch self {
    case .held(let holder, let folder):
      "\(folder) is in use by \(holder). Use that one, or end it in order (kill -TERM), or choose another folder with "
        + "--data-dir. Deleting \(DataFolderLayout.lockName) does not help: the process is what counts."
    case .file(let failure): failure.description
    }
  }
}
