import Documents
import GenerationStore
import PersistenceMessages

/// Carries out the steps of a start that follow those within the data folder. `RecoveryTable` decides which one comes next.
struct RestorationSteps {
  private let program: SessionProgram
  private let crashLoop: CrashLoop
  private let folder: String
  private let second: SecondFolder?
  private let options: SessionOptions
  /// Nil until it is known where the state comes from.
  private var restoration: Restoration?

  init(
    _ program: SessionProgram, _ crashLoop: CrashLoop, folder: String, second: SecondFolder?, _ options: SessionOptions
  ) {
    self.options = options
    self.program = program
    self.crashLoop = crashLoop
    self.folder = folder
    self.second = second
  }

  /// Ends because each step fills in what the table asked for.
  mutating func run(on opened: inout OpenedStore) -> Restoration {
    while true {
      switch RecoveryTable.next(opened.findings) {
      case .lookElsewhere(let takesNewer):
        opened.restoreNewer(given: second?.path, record: Elsewhere(dataFolder: folder), takesNewer: takesNewer)
        second?.note(in: folder, options)
      case .askProgram(let question): ask(question, &opened)
      // Until a recorder reads it, there is none.
      case .readSegment: opened.findings.segment = .absent
      case .begin(let rung, _): return begin(rung, opened)
      case .readDatabase, .replaceDatabase, .searchQuarantine:
        preconditionFailure("the store has taken its steps before it hands over")
      }
    }
  }

  private mutating func ask(_ question: RecoveryStep.Question, _ opened: inout OpenedStore) {
    switch question {
    case .beginning: note(Restoration(program.beginning(), origin: .initial, opened), &opened)
    case .lastResort:
      var last = Restoration(program.lastResort(), origin: .recovery, opened)
      let words = opened.missing.map { "no stored generation could be read: \($0)" }
      last.lost.insert(words ?? "no stored generation could be read", at: 0)
      note(last, &opened)
    case .harmless:
      var base = restoration ?? stored(opened)
      opened.findings.harmless = .nothing
      if let harmless = program.harmless(base.source) {
        crashLoop.replace(&base, by: harmless)
        opened.findings.harmless = .found(harmless.rung)
      }
      restoration = base
    }
  }

  private mutating func note(_ answer: Restoration, _ opened: inout OpenedStore) {
    opened.findings.program = .found(answer.rung)
    restoration = answer
  }

  private func begin(_ rung: RecoveryRung, _ opened: OpenedStore) -> Restoration {
    var decided = restoration ?? stored(opened)
    decided.rung = rung
    crashLoop.note(in: &decided, opened.store)
    return decided
  }

  private func stored(_ opened: OpenedStore) -> Restoration {
    guard let restored = opened.restored else { preconditionFailure("the table begins with what was found") }
    return Restoration(
      source: restored.source, generation: restored.generation, storedAtUnixMs: restored.summary.storedAtUnixMs,
      sequence: max(restored.sequence, opened.store.highWaterMark.sequence), rung: restored.rung,
      lost: restored.lost + opened.lost, origin: restored.rung == .newest ? nil : .recovery, notices: opened.reports)
  }
}
