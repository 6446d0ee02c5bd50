#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program that was started, with its standard output on a pipe. Killed at the end if nobody waited for it.
final class ChildProcess {
  let pid: pid_t
  private let output: Int32
  private var unread: [UInt8] = []
  private var exit: Int32?

  struct Problem: Error, CustomStringConvertible { var description: String }

  /// The path of this very program.
  static var ownPath: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  init(_ path: String, _ arguments: [String]) throws(Problem) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Problem(description: "there is no pipe to be had") }
    // The child's output ends with the child; nobody else may hold it open.
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var started: pid_t = 0
    let code = posix_spawn(&started, path, &actions, nil, &words, environ)
    close(ends[1])
    output = ends[0]
    pid = started
    guard code == 0 else {
      close(output)
      exit = -1
      throw Problem(description: "\(path) could not be started: error \(code)")
    }
  }

  deinit {
    guard exit == nil else { return }
    kill(pid, SIGKILL)
    wait()
  }

  /// Longest wait for a line, in milliseconds: a program that says nothing for so long will not.
  private static let patience: Int32 = 20_000

  /// The next line of its standard output, waiting for it; nil at the end, or when none comes.
  func nextLine() -> String? {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: unread[..<end], as: UTF8.self)
        unread.removeSubrange(...end)
        return line
      }
      var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&wanted, 1, Self.patience) != 0 else { return nil }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = read(output, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      unread += buffer[..<count]
    }
  }

  /// Waits for its end; the exit code, or minus the signal that ended it.
  @discardableResult
  func wait() -> Int32 {
    if let exit { return exit }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    close(output)
    let signal = status & 0x7F
    let code = signal == 0 ? (status >> 8) & 0xFF : -signal
    exit = code
    return code
  }
}
