import GenerationStore
import PersistenceMessages

/// A database of the outage world: which generation holds which sequence, and which are pinned.
struct OutageDatabase {
  var number: Int
  var generations: [Int64: UInt64] = [:]
  var pins: Set<Int64> = []

  var head: Int64? { generations.keys.max() }
  var newestSequence: UInt64 { generations.values.max() ?? 0 }

  var content: ReplacementRule.Content {
    ReplacementRule.Content(generations: Set(generations.keys), marks: Set(pins.map { "\($0) pinned" }))
  }
}

/// A data folder of the outage world, on a disk of its own.
struct OutageFolder {
  enum InjectedFault: Equatable {
    case none
    /// Every call fails, whatever file it is for.
    case disk(StoreFailure.Code)
    /// Only this database's own files fail.
    case database(Int)
  }

  var fault = InjectedFault.none
  /// Whether it can be read at all: the second folder's disk may be missing.
  var isThere = true
  var database: OutageDatabase
  var quarantine: [OutageDatabase] = []
  /// `head.json`.
  var mark: (generation: Int64, sequence: UInt64) = (0, 0)
  /// Numbers used elsewhere, as the host knows them: they are written with the next store.
  var raised: Int64 = 0
  /// `elsewhere.json`: the newest sequence known to lie in the second folder; nil when it is not named.
  var recorded: UInt64?
  /// Sequences that were reported as stored here, and pins: they must never leave the ring.
  var acknowledged: [Int64: UInt64] = [:]
  var pinned: Set<Int64> = []

  init(database number: Int) { database = OutageDatabase(number: number) }

  /// Why a call to the database fails now; nil when it does not.
  var failure: StoreFailure.Code? {
    guard isThere else { return .cannotOpen }
    switch fault {
    case .none: return nil
    case .disk(let code): return code
    case .database(let number): return number == database.number ? .io : nil
    }
  }

  /// A description of acknowledged or pinned generations that are missing in the ring; nil if there are none.
  var missing: String? {
    if let gone = acknowledged.first(where: { database.generations[$0.key] != $0.value }) {
      return "generation \(gone.key) was stored and left the ring"
    }
    if let gone = pinned.subtracting(database.pins).min() { return "generation \(gone) was pinned and is not any more" }
    return nil
  }
}
