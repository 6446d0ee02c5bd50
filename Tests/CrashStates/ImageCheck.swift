import GenerationStore
import PersistenceMessages
import Studio
import StudioState

/// Starts on an image as a host does, and compares the content with the expected content.
struct ImageCheck {
  let recording: Recording
  let folder: ImageFolder

  struct Finding: Error, CustomStringConvertible {
    var description: String
    /// Whether a generation that was reported as stored is missing, as opposed to any other violation.
    var losesGeneration: Bool

    init(_ description: String, losesGeneration: Bool = false) {
      self.description = description
      self.losesGeneration = losesGeneration
    }
  }

  /// - Parameters:
  ///   - must: what was acknowledged before the crash.
  ///   - may: what may be there instead: the outcome of the step that had begun.
  func run(must: ExpectedShow, may: ExpectedShow?) throws {
    var options = StoreOptions.studio(folder: folder.path) { 1_763_890_560_999 }
    options.retention = RetentionPolicy(newest: Workload.ring, hourly: 0, daily: 0)
    options.keyframeInterval = Workload.keyframeInterval
    let opened = GenerationStore.openOrQuarantine(options)
    if let failure = opened.failure { throw Finding("the store is not open: \(failure)") }
    let found = try readAll()
    if let newest = must.generations.last, newest.number > found.generations.last?.number ?? 0 {
      throw Finding("generation \(newest.number) was acknowledged and is gone", losesGeneration: true)
    }
    try checkReports(opened, isEmptyAllowed: must == ExpectedShow())
    guard found == must || found == may else {
      throw Finding("found \(found), expected \(must)\(may.map { " or \($0)" } ?? "")")
    }
    try compare(opened.restored, with: found)
    try storeOneMore(opened, on: found)
  }

  /// While nothing was acknowledged, whatever was begun may be cleared away.
  private func checkReports(_ opened: OpenedStore, isEmptyAllowed: Bool) throws {
    if !isEmptyAllowed, folder.hasQuarantine { throw Finding("moved to quarantine: \(opened.reports)") }
    // Only what the file system is made of may be reported.
    let reports = opened.reports.filter { !$0.contains("file system") }
    if !isEmptyAllowed, !reports.isEmpty { throw Finding("reported: \(reports)") }
  }

  /// Every generation with every checksum, its state, and SQLite's own checks.
  private func readAll() throws -> ExpectedShow {
    let reader = try GenerationReader.open(.studio, databasePath: folder.database)
    defer { reader.close() }
    let show = try ExpectedShow(reader)
    for generation in show.generations {
      let loaded = try reader.load(generation.number)
      guard loaded.state == recording.states[generation.sequence] else {
        throw Finding("generation \(generation.number) is not the state of sequence \(generation.sequence)")
      }
    }
    let problems = try reader.integrityProblems()
    guard problems.isEmpty else { throw Finding("integrity: \(problems)") }
    return show
  }

  private func compare(_ restored: Restored?, with found: ExpectedShow) throws {
    guard let newest = found.generations.last else {
      if restored != nil { throw Finding("a state was restored from nothing") }
      return
    }
    guard let restored else { throw Finding("nothing was restored") }
    guard restored.rung == .newest, restored.lost.isEmpty else {
      throw Finding("restored as \(restored.rung), lost \(restored.lost)")
    }
    guard restored.generation == newest.number, restored.state == recording.states[newest.sequence] else {
      throw Finding("restored generation \(restored.generation) instead of \(newest)")
    }
  }

  private func storeOneMore(_ opened: OpenedStore, on found: ExpectedShow) throws {
    var state = opened.restored?.state ?? SampleShow.state(layers: 2, textBytes: 300)
    SampleShow.add(99, textBytes: 300, to: &state)
    let sequence = opened.store.highWaterMark.sequence + 1
    let request = PersistenceRequest(target: .runtimeState, reason: "test", actor: "check", sequence: sequence)
    let stored = try opened.store.store(
      PersistenceSnapshot(state: state, request: request, requestCount: 1), requests: 1)
    let reader = try GenerationReader.open(.studio, databasePath: folder.database)
    defer { reader.close() }
    guard let head = try reader.head(), head.generation == stored.generation,
      stored.generation > found.generations.last?.number ?? 0
    else { throw Finding("the store after the crash is not the newest: \(stored)") }
    guard try reader.load(stored.generation).state == state else { throw Finding("the store after the crash differs") }
  }
}
