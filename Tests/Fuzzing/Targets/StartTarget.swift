import Glibc
import PersistenceMessages
import Studio
import StudioState

@testable import GenerationStore

/// Damage as in ``aDamagedDatabaseNeverGivesAnotherState(_:)``, and then a whole start of the host's store on it: it
/// comes up, says what was lost when it is not the newest state that came back, and stores what comes next.
func aStartOnDamageGoesOnAirAndStores(_ bytes: UnsafeBufferPointer<UInt8>) {
  let template = DatabaseTemplate.shared
  let folder = template.freshFolder()
  defer { DatabaseTemplate.remove(folder) }
  template.write(damagedBy: bytes, to: "\(folder)/state.db")
  let opened = GenerationStore.openOrQuarantine(StoreOptions.studio(folder: folder, wallClock: { 1_763_890_999_000 }))
  defer { try? opened.store.close() }
  if let restored = opened.restored, restored.rung == .newest {
    mustHold(restored.lost.isEmpty, "the first rung loses nothing")
    mustHold(
      template.states.values.contains(restored.state) || opened.failure?.code == .newerSchema,
      "it is a state that was stored")
  } else {
    mustHold(!opened.reports.isEmpty, "what was lost is reported")
  }
  guard opened.failure == nil else { return }
  var state = opened.restored?.state ?? StudioState()
  state.config.outputName = "After"
  let sequence = max(opened.store.highWaterMark.sequence, opened.restored?.sequence ?? 0) &+ 1
  let request = PersistenceRequest(target: .runtimeState, reason: "fuzz", actor: "fuzz", sequence: sequence)
  let snapshot = PersistenceSnapshot(state: state, request: request, requestCount: 1)
  // A failed attempt may find the damage that the opening did not look for; the next one begins on a fresh database.
  for _ in 0..<3 where (try? opened.store.store(snapshot, requests: 1)) != nil { return }
  fatalError(
    "does not hold: the state is stored after three attempts: \(opened.store.facts.trouble?.description ?? "")")
}
