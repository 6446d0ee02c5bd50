import Documents
import GenerationStore
import PersistenceMessages

/// Carries out the decision of the crash-loop guard for this start. Never asks, because a studio may be unattended.
struct CrashLoop {
  private var plan = CrashLoopGuard.Plan.newest
  /// Crashes in a row before this start.
  private(set) var count = 0
  private(set) var head: Int64?

  /// Reads the last runs. A database that can't be read counts as having none; the recovery ladder handles and reports
  /// it.
  ///
  /// - Parameters:
  ///   - starts: the content of ``StartCount``.
  ///   - boot: the current boot of the machine.
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

  /// Whether the start begins with a state other than the newest one.
  var isActing: Bool { plan != .newest }

  /// Marks the suspects before the state is used, and records the reaction in the restoration.
  func apply(to restoration: inout Restoration, _ store: GenerationStore, _ program: SessionProgram) {
    switch plan {
    case .newest: return
    case .proven(let generation, let suspects):
      // The generation differs if the proven one can't be read; its rung and the loss are recorded already.
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
