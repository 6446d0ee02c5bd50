import GenerationStore
import PersistenceMessages
import PersistencePipeline
import Synchronization

/// Marks what has proven itself: the generations on air (``ProvingRule``), and, once the proving time has passed, this run.
final class Proving: Sendable {
  private struct Notes {
    var rule: ProvingRule
    var isRunHealthy: Bool
    var nextAttemptAt: Duration
  }

  private let writer: PersistenceWriter<HostStore>
  private let run: Int64?
  private let provingTime: Duration
  private let notes: Mutex<Notes>
  private let report: @Sendable (Int64, MarkFailure?) -> Void

  /// - Parameters:
  ///   - run: this run's number; nil when it could not be noted.
  ///   - report: told of each generation that was marked, or why it could not be.
  init(
    writer: PersistenceWriter<HostStore>, run: Int64?, provingTime: Duration,
    report: @escaping @Sendable (Int64, MarkFailure?) -> Void
  ) {
    self.writer = writer
    self.run = run
    self.provingTime = provingTime
    self.report = report
    notes = Mutex(
      Notes(
        rule: ProvingRule(provingTime: provingTime), isRunHealthy: run == nil,
        nextAttemptAt: SystemTime.uptime() + provingTime))
  }

  /// Called often. Waits for the writer's thread when there is something to mark, at most five seconds.
  func look() async {
    let now = SystemTime.uptime()
    let current = writer.status().storedGeneration
    let (due, isRunDue) = notes.withLock { notes in
      (notes.rule.look(at: current, now: now), !notes.isRunHealthy && now >= notes.nextAttemptAt)
    }
    if isRunDue { await markRun(now) }
    if let due { await mark(due, now) }
  }

  private func markRun(_ now: Duration) async {
    guard let run else { return }
    let isMarked = try? await writer.maintain(timeout: .seconds(5)) { store in
      (try? store.generations.markHealthy(run)) != nil
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
