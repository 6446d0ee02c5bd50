import GenerationStore
import LiveRuntime
import StudioState

/// A generation as it was stored; it can't be changed.
final class StoredShow {
  let generation: Int64
  let sequence: UInt64
  let state: StudioState

  init(generation: Int64, sequence: UInt64, state: StudioState) {
    self.generation = generation
    self.sequence = sequence
    self.state = state
  }
}

/// The content of the database at one moment. A value, so that the durable and the visible content can differ. The real
/// `Ring` and `PruningPolicy` decide which generations it has and which are pruned.
struct DiskImage {
  private(set) var ring = Ring()
  private(set) var shows: [Int64: StoredShow] = [:]
  private(set) var head: StoredShow?
  /// Generations that can't be read.
  private(set) var damaged: Set<Int64> = []
  /// See `PruningPolicy.frozenThrough`. It outlives the host.
  var frozenThrough: Int64?
  /// What was there when the freeze began.
  private(set) var guarded: [Int64] = []

  /// All documents, by id.
  private(set) var documents: Set<Int64> = []
  /// The head's documents, by what they are about.
  private var manifest: [String: Int64] = [:]
  private var nextDocument: Int64 = 1

  /// Bytes that a document counts as.
  private static let documentBytes: Int64 = 300

  /// Writes a generation and prunes, as one transaction.
  ///
  /// - Returns: the generations that were taken out.
  mutating func append(
    _ show: StoredShow, storedAtUnixMs: Int64, keyframes: KeyframePolicy, pruning: PruningPolicy
  ) -> [Int64] {
    let isKeyframe = write(show, keyframes)
    ring.append(
      RingEntry(
        generation: show.generation, storedAtUnixMs: storedAtUnixMs, isKeyframe: isKeyframe,
        documents: DocumentRanges(ascending: manifest.values.sorted())))
    shows[show.generation] = show
    head = show
    var pruned = pruning.outdated(in: ring)
    for generation in pruned { remove(generation) }
    while Int64(documents.count) * Self.documentBytes > pruning.byteBound,
      let generation = pruning.nextForSpace(in: ring)
    {
      remove(generation)
      pruned.append(generation)
    }
    return pruned
  }

  /// - Returns: whether it became a keyframe.
  private mutating func write(_ show: StoredShow, _ keyframes: KeyframePolicy) -> Bool {
    let all = ["stack", "config", "packages"] + show.state.layers.map { "layer \($0.id)" }
    let changed = head.map { Self.changes(from: $0.state, to: show.state) } ?? all
    let isKeyframe = keyframes.isDue(
      next: show.generation, newest: ring.newestKeyframe, newestPin: ring.newestPin, changed: changed.count,
      total: manifest.count)
    if isKeyframe { manifest = [:] }
    let current = Set(all)
    for key in manifest.keys where !current.contains(key) { manifest[key] = nil }
    for key in isKeyframe ? all : changed {
      manifest[key] = nextDocument
      documents.insert(nextDocument)
      nextDocument += 1
    }
    return isKeyframe
  }

  private static func changes(from earlier: StudioState, to state: StudioState) -> [String] {
    var changes = state.layers.layersChanged(since: earlier.layers).map { "layer \($0.id)" }
    if !state.layers.hasSameOrder(as: earlier.layers) { changes += ["stack", "packages"] }
    if state.config != earlier.config { changes.append("config") }
    return changes
  }

  private mutating func remove(_ generation: Int64) {
    for range in ring.remove(generation).ranges {
      for document in range { documents.remove(document) }
    }
    shows[generation] = nil
    damaged.remove(generation)
  }

  // Marks.

  mutating func markProven(_ generation: Int64) {
    ring.update(generation) { $0.isProven = true }
    if let frozen = frozenThrough, generation > frozen {
      frozenThrough = nil
      guarded = []
    }
  }

  mutating func pin(_ generation: Int64, label: String?) {
    ring.update(generation) { $0.pin = label }
  }

  /// - Parameter through: the newest generation of what must stay. A freeze that is on goes on as it began.
  mutating func freeze(through: Int64) {
    guard frozenThrough == nil else { return }
    frozenThrough = through
    guarded = ring.entries.map(\.generation)
  }

  /// - Parameter losesManifest: the generation's own row is damaged, not only one of its documents.
  mutating func damage(_ generation: Int64, losesManifest: Bool) {
    damaged.insert(generation)
    if losesManifest { ring.update(generation) { $0.documents = nil } }
  }

  /// A document that a retained generation names and that is missing; nil if none is.
  var missingDocument: (generation: Int64, document: Int64)? {
    for entry in ring.entries {
      for range in entry.documents?.ranges ?? [] {
        if let gone = range.first(where: { !documents.contains($0) }) { return (entry.generation, gone) }
      }
    }
    return nil
  }
}
