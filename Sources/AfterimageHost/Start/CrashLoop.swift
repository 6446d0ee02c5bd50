import GenerationStore
import PersistenceMessages
import Studio
import StudioState

/// What the crash-loop guard decided for this start, and its carrying out. No dialog and no prompt: a studio may be dark.
struct CrashLoop {
  private var plan = CrashLoopGuard.Plan.newest
  /// Crashes in a row before this start.
  private(set) var count = 0
  private var head: Int64?

  /// Reads the last runs. A database that can't be read has none: the recovery ladder deals with it and reports it.
  ///
  /// - Parameter starts: what ``StartCount`` says.
  static func look(_ settings: HostSettings, starts: Int?) -> CrashLoop {
    var loop = CrashLoop()
    let limit = settings.crashLoopLimit
    loop.count = starts ?? 0
    guard limit > 0 else { return loop }
    do throws(StoreFailure) {
      let reader = try GenerationReader.open(.studio, databasePath: "\(settings.dataFolder)/state.db")
      defer { reader.close() }
      let runs = try reader.runs(limit: 2 * limit)
      let generations = try reader.list()
      loop.plan = CrashLoopGuard.plan(runs: runs, generations: generations, starts: starts, limit: limit)
      loop.count = CrashLoopGuard.crashesInARow(runs, starts: starts)
      loop.head = generations.first?.generation
    } catch {}
    return loop
  }

  /// The generation to begin with; nil for the newest one.
  var generation: Int64? {
    switch plan {
    case .newest: nil
    case .proven(let generation, _): generation
    case .withoutLayers(let generation, _): generation
    }
  }

  /// Whether the start begins with something else than the newest state.
  var isActing: Bool { plan != .newest }

  /// Marks the suspects before anything goes on air, and says what was done.
  func apply(to restoration: inout Restoration, _ store: GenerationStore, _ journal: Journal) {
    switch plan {
    case .newest: return
    case .proven(let generation, let suspects):
      // Another one when the proven one can't be read; its rung and what was lost are told already.
      let isProven = restoration.generation == generation
      restoration.lost.append(
        "\(count) starts in a row ended within the proving time; "
          + (isProven ? "this is the newest proven state" : "the newest proven state, \(generation), can't be read"))
      if isProven { restoration.rung = Restoration.provenRung }
      mark(suspects, store, journal)
    case .withoutLayers(_, let suspects):
      restoration.switchOffLayers()
      restoration.lost.append("\(count) starts in a row ended within the proving time; all layers are switched off")
      mark(suspects, store, journal)
    }
    restoration.origin = .recovery
    journal.note(
      "host.crashLoopRollback",
      [
        "from": head.map { .int($0) } ?? .null, "to": restoration.generation.map { .int($0) } ?? .null,
        "uncleanEnds": .int(Int64(count)), "layersOff": .bool(restoration.rung == Restoration.layersOffRung),
      ])
  }

  private func mark(_ suspects: [Int64], _ store: GenerationStore, _ journal: Journal) {
    for generation in suspects {
      do throws(MarkFailure) {
        try store.markSuspect(generation)
      } catch {
        journal.tell("generation \(generation) could not be marked as suspect: \(error)")
      }
    }
  }
}
