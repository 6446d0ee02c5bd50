import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages

/// Carries out the decision of the crash-loop guard for this start. Never asks, because the program may be unattended.
struct CrashLoop {
  private(set) var plan = CrashLoopGuard.Plan.newest
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
      let reader = try GenerationReader.open(.plain, databasePath: DataFolderLayout(folder).database)
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

  /// Replaces a state by the program's harmless one.
  func replace(_ restoration: inout Restoration, by harmless: Beginning) {
    let before = head.map { "; generation \($0) is the state before" } ?? ""
    restoration.source = harmless.source
    restoration.rung = harmless.rung
    restoration.notices += harmless.notices
    restoration.lost += harmless.lost.map { "\(words); \($0)\(before)" }
    restoration.isHarmless = true
  }

  /// Marks the suspects before the state is used, and records the reaction in the restoration.
  func note(in restoration: inout Restoration, _ store: GenerationStore) {
    guard plan.isActing else { return }
    if case .proven(let generation, _) = plan {
      // The rung differs if the proven generation can't be read; the loss is recorded already.
      restoration.lost.append(
        restoration.rung == .proven
          ? "\(words); this is the newest proven state"
          : "\(words); the newest proven state, \(generation), can't be read")
    }
    mark(plan.suspects, store, &restoration)
    restoration.origin = .recovery
    restoration.crashLoop = CrashLoopRollback(
      from: head, to: restoration.generation, uncleanEnds: count, isHarmless: restoration.isHarmless)
  }

  private var words: String { "\(count) starts in a row ended within the proving time" }

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
