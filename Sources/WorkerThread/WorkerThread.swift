import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One operating-system thread that runs one function to its end. For work that may block (a disk, a frame's deadline)
/// and so must not sit on the threads that Swift's tasks share.
public final class WorkerThread: Sendable {
  private let ended = DispatchSemaphore(value: 0)

  /// Starts the thread.
  ///
  /// - Parameters:
  ///   - name: what debuggers and `top -H` show; the system keeps 15 bytes.
  ///   - body: runs on the new thread.
  public init(name: String, _ body: @escaping @Sendable () -> Void) {
    let start = Unmanaged.passRetained(Start(name: name, body: body, ended: ended))
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let code = pthread_create(
      &thread, nil,
      { argument in
        // A C function pointer has no context, so the start travels through the argument.
        guard let argument = argument as UnsafeMutableRawPointer? else { return nil }
        Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, start.toOpaque())
    // EAGAIN: the machine is out of threads. Nothing that this process promises can be kept then.
    precondition(code == 0, "can't start the thread \(name): error \(code)")
    #if canImport(Glibc)
      pthread_detach(thread)
    #else
      if let thread { pthread_detach(thread) }
    #endif
  }

  /// Waits until the function has ended, at most for `timeout`; false when it has not. Blocks the caller.
  public func join(timeout: Duration) -> Bool {
    let nanoseconds = timeout / .nanoseconds(1)
    guard ended.wait(timeout: .now() + .nanoseconds(Int(min(nanoseconds, 1e18)))) == .success else { return false }
    ended.signal()
    return true
  }

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void
    let ended: DispatchSemaphore

    init(name: String, body: @escaping @Sendable () -> Void, ended: DispatchSemaphore) {
      self.name = name
      self.body = body
      self.ended = ended
    }

    func run() {
      nameThread()
      body()
      ended.signal()
    }

    /// A name is for people only, so it does not matter when it can't be set.
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
