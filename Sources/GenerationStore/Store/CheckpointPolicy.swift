import SQLiteConnection

/// Decides when to checkpoint. Pure: it counts stores and rests and reads no clock. Sizes are pages of the log, as
/// SQLite counts them after each commit.
///
/// Data that is only in the log is lost with it, and missing in a copy of `state.db` alone. The log is therefore
/// checkpointed early and often, even while changes never pause, but between stores: a checkpoint within a commit costs
/// 12 ms at the 99th percentile.
///
/// | at a rest                                               | step       |
/// |---------------------------------------------------------|------------|
/// | nothing was committed since the last complete checkpoint| none       |
/// | idle for 2 s, and the log is not empty                  | `truncate` |
/// | the first one with something in the log                 | `passive`  |
/// | 1 MiB, 16 generations or 10 rests since the last try    | `passive`  |
struct CheckpointPolicy: Sendable, Equatable {
  enum Step: Equatable {
    case passive, truncate
  }

  /// About 1 MiB: checkpointed at the next rest.
  static let restPages = (1 << 20) / bytesPerPage
  /// About 4 MiB: checkpointed immediately after a store, for stores that follow each other without a rest. Bounds the
  /// log.
  static let forcedPages = (4 << 20) / bytesPerPage
  /// Most generations that are only in the log: 8 s of a show that changes every half second.
  static let restGenerations = 16
  /// Rests between two attempts. There is one rest per second, so a change is only in the log for about 10 s.
  static let restsBetweenTries = 10
  /// Idle time after which the log is emptied.
  static let idle = Duration.seconds(2)
  /// A page and its frame header.
  private static let bytesPerPage = ConnectionSettings.pageSize + 24

  private var pagesAtLastTry = 0
  private var generationsSinceTry = 0
  private var restsSinceTry = 0
  private var hasTried = false
  private var wasComplete = false
  /// The content of a log that existed at opening is unknown, so the log does not count as empty.
  private var isEmpty = false

  mutating func noteStored() {
    generationsSinceTry += 1
  }

  /// To be called at each rest, before ``stepAtRest(pages:idleFor:)``.
  mutating func noteRest() {
    restsSinceTry += 1
  }

  /// - Parameter pages: pages in the log after the last commit of this connection; 0 before the first one.
  func stepAtRest(pages: Int, idleFor: Duration) -> Step? {
    if idleFor >= Self.idle, !isEmpty || pages > 0 { return .truncate }
    guard hasNews(pages) else { return nil }
    let isDue =
      !hasTried || generationsSinceTry >= Self.restGenerations || restsSinceTry >= Self.restsBetweenTries
      || hasGrown(pages, beyond: Self.restPages)
    return isDue ? .passive : nil
  }

  func stepAfterStore(pages: Int) -> Step? {
    hasGrown(pages, beyond: Self.forcedPages) ? .passive : nil
  }

  mutating func note(_ step: Step, isComplete: Bool, pages: Int) {
    pagesAtLastTry = pages
    generationsSinceTry = 0
    restsSinceTry = 0
    hasTried = true
    wasComplete = isComplete
    isEmpty = step == .truncate && isComplete
  }

  /// Whether the log may contain data that the database file lacks.
  private func hasNews(_ pages: Int) -> Bool {
    !wasComplete || generationsSinceTry > 0 || pages != pagesAtLastTry
  }

  /// A reader may hold the log for minutes. The next attempt follows only after another 1 MiB, or when the log has
  /// begun again.
  private func hasGrown(_ pages: Int, beyond bound: Int) -> Bool {
    pages >= bound && (pages < pagesAtLastTry || pages - pagesAtLastTry >= Self.restPages)
  }
}
