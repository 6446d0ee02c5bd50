import Documents
import GenerationStore
import PersistenceMessages

/// What the crash-loop guard decided for this start, and its carrying out. No dialog and no prompt: a studio may be dark.
struct CrashLoop {
  private var plan = CrashLoopGuard.Plan.newest
  /// Crashes in a row before this start.
  private(set) var count = 0
  private(set) var head: Int64?

  /// Reads the last runs. A database that can't be read has none: the recovery ladder deals with it and reports it.
  ///
  /// - Parameters:
  ///   - starts: what ``StartCount`` holds.
  ///   - boot: of the machine, now.
  static func look(_ folder: String, limit: Int, starts: StartTally?, boot: String?) -> CrashLoop {
    var loop = CrashLoop()
    loop.count = starts?.crashes(underBoot: boot) ?? 0
    guard limit > 0 else { return loop }
    do throws(StoreFailure) {
      let reader = try GenerationReader.open(.plain, databasePath: "\(folder)/state.db")
      defer { reader.close() }
      let runs = try reader.runs(limit: 2 * limit)
      let generations = try reader.list()
      loop.plan = CrashLoopGuard.plan(
        runs: runs, generations: generations, starts: starts, boot: boot, limit: limit)
      loop.count = CrashLoopGuard.crashesInARow(runs, starts: starts, boot: boot)
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

  /// Marks the suspects before the state goes into use, and notes what was done.
  func apply(to restoration: inout Restoration, _ store: GenerationStore, _ program: SessionProgram) {
    switch plan {
    case .newest: return
    case .proven(let generation, let suspects):
      // Another one when the proven one can't be read; its rung and what was lost are noted already.
      let isProven = restoration.generation == generation
      restoration.lost.append(
        "\(count) starts in a row ended within the proving time; "
          + (isProven ? "this is the newest proven state" : "the newest proven state, \(generation), can't be read"))
      if isProven { restoration.rung = .proven }
      mark(suspects, store, &restoration)
    case .withoutLayers(_, let suspects):
      if let harmless = program.harmless(restoration.source) {
        let before = head.map { "; generation \($0) is the state before" } ?? ""
        restoration.source = harmless.source
        restoration.rung = harmless.rung
        restoration.notices += harmless.notices
        restoration.lost += harmless.lost.map {
          "\(count) starts in a row ended within the proving time; \($0)\(before)"
        }
        restoration.isHarmless = true
      }
      mark(suspects, store, &restoration)
    }
    restoration.origin = .recovery
    restoration.crashLoop = CrashLoopRollback(
      from: head, to: restoration.generation, uncleanEnds: count, isHarmless: restoration.isHarmless)
  }

  private func mark(_ suspects: [Int64], _ store: GenerationStore, _ restoration: inout Restoration) {
    for generation in suspects {
      do throws(MarkFailure) {
        try store.markSuspect(generation)
      } catch {
        restoration.notices.append("generation \(generation) could not be marked as suspect: \(error)")
      }
    }
  }
}
