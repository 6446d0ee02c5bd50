import Concurrency
import GenerationStore

extension StartCount {
  /// Notes that this start is none to count, on a thread of its own: it may wait for a disk.
  ///
  /// - Returns: the thread, for who wants to wait a little; nil when the system gives none, and the count stays.
  @discardableResult
  func clear() -> WorkerThread? {
    try? WorkerThread(starting: "starts") { write(0) }
  }
}
