public import Documents
import GenerationStore
public import PersistenceMessages

/// The state with which a session begins, and its source.
public struct Restoration: Sendable {
  public var source: any DocumentSource
  /// The generation that was loaded; nil if none was.
  public var generation: Int64?
  /// The time at which that generation was stored: wall clock, milliseconds since 1970.
  public var storedAtUnixMs: Int64?
  /// The highest sequence ever stored; the program continues from here.
  public var sequence: UInt64
  public var rung: RecoveryRung
  /// The losses, one sentence each.
  public var lost: [String]
  /// The origin with which the program must store the state as a new generation; nil if it is already the newest one on
  /// disk, or is stored only with the first change.
  public var origin: GenerationOrigin?
  /// Notices for the operator, one sentence each.
  public var notices: [String]
  /// Whether the program's harmless state was used.
  var isHarmless = false
  /// The reaction to a crash loop; nil if there was none.
  public var crashLoop: CrashLoopRollback?

  /// The name of the source in health and the journal.
  public var sourceName: String {
    generation.map { "generation \($0)" } ?? rung.description
  }

  /// Whether the state is the newest stored one, or that of a new folder.
  public var isPlain: Bool {
    lost.isEmpty && ([.newest, .initial].contains(rung) || origin == .initial)
  }

  init(_ beginning: Beginning, origin: GenerationOrigin, _ opened: OpenedStore) {
    self.init(
      source: beginning.source, generation: nil, storedAtUnixMs: nil,
      sequence: opened.store.highWaterMark.sequence, rung: beginning.rung, lost: opened.lost + beginning.lost,
      origin: beginning.isStored ? origin : nil,
      notices: opened.reports + beginning.notices)
  }

  init(
    source: any DocumentSource, generation: Int64?, storedAtUnixMs: Int64?, sequence: UInt64, rung: RecoveryRung,
    lost: [String], origin: GenerationOrigin?, notices: [String]
  ) {
    self.source = source
    self.generation = generation
    self.storedAtUnixMs = storedAtUnixMs
    self.sequence = sequence
    self.rung = rung
    self.lost = lost
    self.origin = origin
    self.notices = notices
  }
}

/// The reaction of the crash-loop guard at a start.
public struct CrashLoopRollback: Sendable, Equatable {
  /// The newest generation; nil if there was none.
  public var from: Int64?
  /// The generation that was loaded; nil if none was.
  public var to: Int64?
  public var uncleanEnds: Int
  /// Whether the program's harmless state was used.
  public var isHarmless: Bool
}
