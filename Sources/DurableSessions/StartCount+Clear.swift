import Concurrency
import GenerationStore

extension StartCount {
  /// Notes that the starts so far do not count as crashes, on a thread of its own: it may wait for a disk.
  ///
  /// - Returns: the thread, which the caller may join; nil when the system gives none, and the count stays.
  @discardableResult
  func clear(_ options: SessionOptions) -> WorkerThread? {
    let tally = StartTally(starts: 0, boot: options.boot, limit: options.crashLoopLimit)
    return try? WorkerThread(starting: "starts") { writeDurably(tally) }
  }
}
