import Documents
import GenerationStore
import PersistenceMessages
import PersistencePipeline
import Synchronization

/// Marks proven generations (``ProvingRule``), and, once the proving time has passed, marks this run as healthy.
final class Proving: Sendable {
  typealias Current = @Sendable () -> (source: any DocumentSource, sequence: UInt64)

  private struct Notes {
    var rule: ProvingRule
    var isRunHealthy: Bool
    var isStartHealthy = false
    var nextAttemptAt: Duration
    var nextWriteAt: Duration = .zero
  }

  private let writer: PersistenceWriter<SessionStore>
  private let run: Int64?
  private let losses: LossBook
  private let isBlank: @Sendable (any DocumentSource) -> Bool
  private let clearStarts: @Sendable () -> Void
  private let provingTime: Duration
  private let notes: Mutex<Notes>
  private let time: SessionTime
  private let report: @Sendable (Int64, MarkFailure?) -> Void

  /// - Parameters:
  ///   - run: this run's number; nil if it could not be recorded.
  ///   - losses: prevents a recovered show that renders nothing from being proven.
  ///   - isBlank: see ``SessionProgram/isBlank``.
  ///   - clearStarts: records that this start has lasted; must not wait for a disk.
  ///   - report: called with each generation that was marked, or with the reason why it could not be.
  init(
    writer: PersistenceWriter<SessionStore>, run: Int64?, losses: LossBook,
    isBlank: @escaping @Sendable (any DocumentSource) -> Bool, clearStarts: @escaping @Sendable () -> Void,
    provingTime: Duration, time: SessionTime,
    report: @escaping @Sendable (Int64, MarkFailure?) -> Void
  ) {
    self.writer = writer
    self.run = run
    self.losses = losses
    self.isBlank = isBlank
    self.clearStarts = clearStarts
    self.provingTime = provingTime
    self.time = time
    self.report = report
    notes = Mutex(
      Notes(
        rule: ProvingRule(provingTime: provingTime), isRunHealthy: run == nil,
        nextAttemptAt: time.uptime() + provingTime))
  }

  /// Interval between two polls: short compared with the second that a generation must be on air.
  private static let interval = Duration.milliseconds(100)

  /// Runs until the task is cancelled.
  ///
  /// - Parameter current: returns the durable state, stored or not.
  func run(_ current: @escaping Current) async {
    while !Task.isCancelled {
      await look(current)
      await time.sleep(Self.interval)
    }
  }

  /// One poll. Waits for the writer's thread for at most five seconds if there is something to mark.
  func look(_ currentState: Current) async {
    let now = time.uptime()
    let current = writer.status().storedGeneration
    let (due, isRunDue, isStartDue) = notes.withLock { notes in
      let isTime = now >= notes.nextAttemptAt
      defer { notes.isStartHealthy = notes.isStartHealthy || isTime }
      return (notes.rule.look(at: current, now: now), !notes.isRunHealthy && isTime, !notes.isStartHealthy && isTime)
    }
    if isStartDue { clearStarts() }
    await settleLoss(now, currentState)
    if isRunDue { await markRun(now) }
    if let due { await mark(due, now) }
  }

  /// Records when the show renders something again, and repeats a write that failed.
  private func settleLoss(_ now: Duration, _ currentState: Current) async {
    let current = currentState()
    if writer.status().storedSequence >= current.sequence {
      losses.noteStored(
        isBlank: isBlank(current.source), at: UTCTime.text(unixMilliseconds: time.unixMilliseconds()))
    }
    let isDue = notes.withLock { notes in
      guard losses.isUnwritten, now >= notes.nextWriteAt else { return false }
      notes.nextWriteAt = now + Self.writeInterval
      return true
    }
    guard isDue else { return }
    // Runs on the writer's thread, which may wait for the disk.
    _ = try? await writer.maintain(timeout: .seconds(5)) { [losses] _ in try? losses.writePending() }
  }

  /// Interval between two write attempts; equals the writer's longest retry interval.
  private static let writeInterval = Duration.seconds(5)

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

  private enum Marking: Sendable {
    case marked
    /// See ``LossRecord/holdsProof(whenBlank:rungs:)``.
    case held
    case failed(MarkFailure)
  }

  private func mark(_ generation: Int64, _ now: Duration) async {
    let loss = losses.record
    let answer = try? await writer.maintain(timeout: .seconds(5)) { [isBlank, rungs = losses.rungs] store in
      Self.mark(generation, in: store.generations, loss, rungs, isBlank)
    }
    guard let answer else { return notes.withLock { $0.rule.noteFailed(at: now) } }
    notes.withLock { notes in
      switch answer {
      case .marked: notes.rule.noteProven(generation)
      case .held: notes.rule.noteHeld(at: now)
      case .failed(.unknownGeneration): notes.rule.noteGone()
      case .failed: notes.rule.noteFailed(at: now)
      }
    }
    switch answer {
    case .marked:
      losses.noteProven()
      report(generation, nil)
    case .held: break
    case .failed(let failure): report(generation, failure)
    }
  }

  /// Runs on the writer's thread.
  private static func mark(
    _ generation: Int64, in store: GenerationStore, _ loss: LossRecord?, _ rungs: [ProgramRung],
    _ isBlank: (any DocumentSource) -> Bool
  ) -> Marking {
    do {
      if let loss, loss.blank != nil {
        // The stored state is checked, not the one in use meanwhile.
        let showsNothing = try store.source(of: generation).map(isBlank) ?? true
        if loss.holdsProof(whenBlank: showsNothing, rungs: rungs) { return .held }
      }
      try store.markProven(generation)
      return .marked
    } catch {
      return .failed(error as? MarkFailure ?? .store(error as? StoreFailure ?? .unread("\(error)")))
    }
  }
}

extension StoreFailure {
  fileprivate static func unread(_ words: String) -> StoreFailure {
    StoreFailure(.unexpected, "A generation could not be read back: \(words)", remedy: "It is tried again.")
  }
}
