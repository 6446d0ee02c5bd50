import GenerationStore
import PersistenceMessages
import PersistencePipeline
import Synchronization

/// Marks what has proven itself: the generations on air (``ProvingRule``), and, once the proving time has passed, this run.
final class Proving: Sendable {
  private struct Notes {
    var rule: ProvingRule
    var isRunHealthy: Bool
    var isStartHealthy = false
    var nextAttemptAt: Duration
  }

  private let writer: PersistenceWriter<SessionStore>
  private let run: Int64?
  private let starts: StartCount
  private let provingTime: Duration
  private let notes: Mutex<Notes>
  private let time: SessionTime
  private let report: @Sendable (Int64, MarkFailure?) -> Void

  /// - Parameters:
  ///   - run: this run's number; nil when it could not be noted.
  ///   - starts: where it is noted that this start has lasted.
  ///   - report: told of each generation that was marked, or why it could not be.
  init(
    writer: PersistenceWriter<SessionStore>, run: Int64?, starts: StartCount, provingTime: Duration, time: SessionTime,
    report: @escaping @Sendable (Int64, MarkFailure?) -> Void
  ) {
    self.writer = writer
    self.run = run
    self.starts = starts
    self.provingTime = provingTime
    self.time = time
    self.report = report
    notes = Mutex(
      Notes(
        rule: ProvingRule(provingTime: provingTime), isRunHealthy: run == nil,
        nextAttemptAt: time.uptime() + provingTime))
  }

  /// Between two looks: short beside the second that a generation has to be on air.
  private static let interval = Duration.milliseconds(100)

  /// Until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      await look()
      await time.sleep(Self.interval)
    }
  }

  /// Waits for the writer's thread when there is something to mark, at most five seconds.
  func look() async {
    let now = time.uptime()
    let current = writer.status().storedGeneration
    let (due, isRunDue, isStartDue) = notes.withLock { notes in
      let isTime = now >= notes.nextAttemptAt
      defer { notes.isStartHealthy = notes.isStartHealthy || isTime }
      return (notes.rule.look(at: current, now: now), !notes.isRunHealthy && isTime, !notes.isStartHealthy && isTime)
    }
    if isStartDue { starts.clear() }
    if isRunDue { await markRun(now) }
    if let due { await mark(due, now) }
  }

  private func markRun(_ now: Duration) async {
    guard let run else { return }
    let isMarked = try? await writer.maintain(timeout: .seconds(5)) { store in
      (try? store.home.markHealthy(run)) != nil
    }
    notes.withLock { notes in
      notes.isRunHealthy = isMarked ?? false
      notes.nextAttemptAt = now + provingTime
    }
  }

  private func mark(_ generation: Int64, _ now: Duration) async {
    let answer: MarkFailure?? = try? await writer.maintain(timeout: .seconds(5)) { store in
      do throws(MarkFailure) {
        try store.generations.markProven(generation)
        return nil
      } catch {
        return error
      }
    }
    guard let failure = answer else { return notes.withLock { $0.rule.noteFailed(at: now) } }
    notes.withLock { notes in
      switch failure {
      case nil: notes.rule.noteProven(generation)
      case .unknownGeneration: notes.rule.noteGone()
      default: notes.rule.noteFailed(at: now)
      }
    }
    report(generation, failure)
  }
}
