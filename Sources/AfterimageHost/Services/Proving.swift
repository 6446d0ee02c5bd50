import GenerationStore
import PersistenceMessages
import PersistencePipeline
import Synchronization

/// Marks the stored generation as proven once the host has run on it for the proving time without another one taking its
/// place.
final class Proving: Sendable {
  private struct Candidate {
    var generation: Int64?
    var since: Duration
    var isProven = false
  }

  private let writer: PersistenceWriter<HostStore>
  private let provingTime: Duration
  private let candidate: Mutex<Candidate>
  private let report: @Sendable (Int64, MarkFailure?) -> Void

  init(
    writer: PersistenceWriter<HostStore>, provingTime: Duration,
    report: @escaping @Sendable (Int64, MarkFailure?) -> Void
  ) {
    self.writer = writer
    self.provingTime = provingTime
    self.report = report
    candidate = Mutex(Candidate(generation: nil, since: SystemTime.uptime()))
  }

  func look() async {
    let now = SystemTime.uptime()
    let current = writer.status().storedGeneration
    let due = candidate.withLock { candidate -> Int64? in
      if candidate.generation != current {
        candidate = Candidate(generation: current, since: now)
      }
      guard let generation = candidate.generation, !candidate.isProven, now - candidate.since >= provingTime else {
        return nil
      }
      // One attempt a proving time: a store that can't be written must not be asked twenty times a second.
      candidate.since = now
      return generation
    }
    guard let due else { return }
    let failure: MarkFailure?? = try? await writer.maintain(timeout: .seconds(5)) { store in
      do throws(MarkFailure) {
        try store.generations.markProven(due)
        return nil
      } catch {
        return error
      }
    }
    guard let failure else { return }
    if failure == nil {
      candidate.withLock { candidate in
        if candidate.generation == due { candidate.isProven = true }
      }
    }
    report(due, failure)
  }
}
