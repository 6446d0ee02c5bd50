import ControlIngress
import PersistenceMessages
import PersistencePipeline

/// The writer as HTTP sees it.
struct WriterControl: PersistenceControl {
  let writer: PersistenceWriter<HostStore>

  func waitUntilStored(_ sequence: UInt64, timeout: Duration) async -> ControlIngress.StoreWait {
    switch await writer.waitUntilStored(sequence, timeout: timeout) {
    case .stored(let generation): .stored(generation: generation)
    case .timedOut, .refused: .timedOut
    case .stopped: .stopped
    }
  }

  func flush(timeout: Duration) async -> FlushWait {
    let status = writer.status()
    let sequence = status.requestedSequence
    if !status.hasUnsaved {
      return .stored(sequence: sequence, generation: status.storedGeneration, nothingPending: true)
    }
    return switch await writer.flush(timeout: timeout) {
    case .stored(let generation): .stored(sequence: sequence, generation: generation, nothingPending: false)
    case .timedOut, .refused: .timedOut(sequence: sequence)
    case .stopped: .stopped(sequence: sequence)
    }
  }
}
