import Concurrency
import GenerationStore
import LiveRuntime
import PersistencePipeline
import Studio
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The hot path between system calls that can be recognised in a trace: what comes between them was done for it.
///
/// All is real and busy meanwhile: the writer's thread stores into a generation store on disk every 100 ms, and a
/// subscriber of the events lets its queue run over.
enum MarkedHotPath {
  enum Part: String, CaseIterable {
    case mutations, requests
  }

  /// A path that does not exist; looking for it is the marker.
  static func marker(_ part: Part, _ end: String) -> String { "/afterimage-benchmark/\(part.rawValue)/\(end)" }

  static func run(rounds: Int) async throws {
    let show = try BenchmarkShow(layers: 250)
    let batches = show.changes(rounds).map { [Mutation.setParameter($0.layer, $0.parameter, $0.value)] }
    let folder = try ScratchFolder()
    let store = DiskStore(try GenerationStore.open(StoreOptions.studio(folder: folder.path)))
    let runtime = BenchmarkRuntime(
      show.state, policy: PersistencePolicy(debounce: .milliseconds(50), maxDelay: .milliseconds(100)), store: store)
    let events = runtime.events.subscribe(capacity: 256)
    // Until memory and caches are as they are after minutes of a show.
    try perform(batches, runtime.coordinator)
    try runMarked(.mutations) { () throws(MutationRejection) in
      try perform(batches, runtime.coordinator)
    }
    // Sequences that were published already: one that never was would be a broken invariant to the writer.
    runMarked(.requests) { request(runtime.writer, first: 1, rounds) }
    events?.cancel()
    _ = await runtime.writer.shutdown(within: .seconds(10))
  }

  private static func runMarked<Failure>(_ part: Part, _ body: () throws(Failure) -> Void) throws(Failure) {
    access(marker(part, "begin"), F_OK)
    try body()
    access(marker(part, "end"), F_OK)
  }
}
