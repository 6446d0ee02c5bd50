import Synchronization
import Testing

@testable import PersistencePipeline

private typealias Queue = MaintenanceQueue<ScriptedStore>

private func job(onAbandon: @escaping @Sendable () -> Void = {}) -> Queue.Job {
  Queue.Job(work: { _ in }, abandoned: { _ in onAbandon() })
}

@Test func aJobBeyondTheQueuesBoundIsRefusedAsBusy() {
  let queue = Queue()
  let answers = (0...Queue.capacity).map { _ in queue.append(job()) }
  #expect(answers.dropLast().allSatisfy { $0 == nil })
  #expect(answers.last == .busy)
  #expect(queue.takeAll().count == Queue.capacity)
  #expect(queue.append(job()) == nil)
}

@Test func anEndedQueueAbandonsWhatWaitsAndRefusesTheRest() {
  let abandoned = Flags()
  let queue = Queue()
  for _ in 0..<3 { _ = queue.append(job { abandoned.raise() }) }
  queue.end()
  #expect(abandoned.count == 3)
  #expect(queue.append(job()) == .stopped)
}

private final class Flags: Sendable {
  private let raised = Atomic(0)
  var count: Int { raised.load(ordering: .relaxed) }
  func raise() { raised.wrappingAdd(1, ordering: .relaxed) }
}
