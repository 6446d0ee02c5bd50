#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One operating-system thread that runs one function to its end. For work that may block (a disk, a frame's deadline)
/// and therefore must not run on the threads that Swift's tasks share.
public final class WorkerThread: Sendable {
  private let ended = ThreadAlarm()

  /// Starts the thread, and ends the process if the system refuses one. For work without which the process can't keep
  /// its promises.
  ///
  /// - Parameters:
  ///   - name: the name in debuggers and `top -H`; the system keeps 15 bytes.
  ///   - body: runs on the new thread.
  public convenience init(name: String, _ body: @escaping @Sendable () -> Void) {
    do throws(ThreadStartFailure) {
      try self.init(starting: name, body)
    } catch {
      preconditionFailure(error.description)
    }
  }

  /// Starts the thread; throws if the system refuses one. Parameters as for ``init(name:_:)``.
  public init(starting name: String, _ body: @escaping @Sendable () -> Void) throws(ThreadStartFailure) {
    let start = Unmanaged.passRetained(Start(name: name, body: body, ended: ended))
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let code = pthread_create(
      &thread, nil,
      { argument in
        // A C function pointer has no context, so the closure is passed through the argument.
        guard let argument = argument as UnsafeMutableRawPointer? else { return nil }
        Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      throw ThreadStartFailure(thread: name, code: code)
    }
    #if canImport(Glibc)
      pthread_detach(thread)
    #else
      if let thread { pthread_detach(thread) }
    #endif
  }

  /// Waits until the function has ended, for at most `timeout`; false if it has not. Blocks the caller.
  public func join(timeout: Duration) -> Bool {
    guard ended.sleep(atMost: timeout) else { return false }
    // Wakes the next caller that joins.
    ended.ring()
    return true
  }

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void
    let ended: ThreadAlarm

    init(name: String, body: @escaping @Sendable () -> Void, ended: ThreadAlarm) {
      self.name = name
      self.body = body
      self.ended = ended
    }

    func run() {
      nameThread()
      body()
      ended.ring()
    }

    /// Sets the thread's name. Failures are ignored, because the name is for people only.
    private func nameThread() {
      #if canImport(Glibc)
        // pthread_setname_np is a GNU extension that Swift's Glibc module does not show.
        let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, name, name.utf8.count)
        close(descriptor)
      #else
        pthread_setname_np(name)
      #endif
    }
  }
}

/// The system refused to create a thread.
public struct ThreadStartFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public let thread: String
  /// The result of `pthread_create`: EAGAIN if there are too many threads.
  public let code: Int32

  public var description: String {
    "the thread \(thread) could not be started (error \(code)); the limit of threads or memory is reached"
  }
}
