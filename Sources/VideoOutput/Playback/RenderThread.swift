#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The system would not give a thread.
public struct ThreadStartFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What `pthread_create` returned: EAGAIN when there are too many threads.
  public let code: Int32

  public var description: String {
    "the render thread could not be started (error \(code)); the limit of threads or memory is reached"
  }
}

/// Starts `body` on a thread of its own, detached. A thread and not a Task: it sleeps and renders for milliseconds,
/// which the cooperative pool must never do.
func startThread(_ body: @escaping @Sendable () -> Void) throws(ThreadStartFailure) {
  let start = Unmanaged.passRetained(ThreadStart(body))
  #if canImport(Glibc)
    var thread = pthread_t()
  #else
    var thread: pthread_t?
  #endif
  let code = pthread_create(&thread, nil, { runThread($0) }, start.toOpaque())
  guard code == 0 else {
    start.release()
    throw ThreadStartFailure(code: code)
  }
  #if canImport(Glibc)
    pthread_detach(thread)
  #else
    if let thread { pthread_detach(thread) }
  #endif
}

/// What a new thread is handed; owned by the thread once it runs.
private final class ThreadStart: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
  }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
  return nil
}
