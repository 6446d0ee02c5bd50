/// When the log is moved into the database. Pure; sizes in pages of the log, as SQLite counts them after each commit.
struct CheckpointPolicy: Sendable, Equatable {
  enum Step: Equatable {
    case passive, truncate
  }

  /// About 1 MiB: from here on at rest. Checkpoints within commits cost 12 ms at the 99th percentile.
  static let restPages = (1 << 20) / bytesPerPage
  /// About 4 MiB: from here on right after a store, for a show that never rests. It bounds the log.
  static let forcedPages = (4 << 20) / bytesPerPage
  /// Idle time after which the log is emptied.
  static let idle = Duration.seconds(2)
  /// A page and its frame header.
  private static let bytesPerPage = ConnectionSettings.pageSize + 24

  private var pagesAtLastTry = 0
  /// What a log that was there at opening holds is not known, so it counts as something.
  private var isEmpty = false

  /// - Parameter pages: in the log after the last commit of this connection.
  func stepAtRest(pages: Int, idleFor: Duration) -> Step? {
    if idleFor >= Self.idle, !isEmpty || pages > 0 { return .truncate }
    return hasGrown(pages, beyond: Self.restPages) ? .passive : nil
  }

  func stepAfterStore(pages: Int) -> Step? {
    hasGrown(pages, beyond: Self.forcedPages) ? .passive : nil
  }

  mutating func note(_ step: Step, isComplete: Bool, pages: Int) {
    pagesAtLastTry = pages
    isEmpty = step == .truncate && isComplete
  }

  /// A reader may hold the log for minutes: the next try comes only when another 1 MiB has come, or the log has begun
  /// anew.
  private func hasGrown(_ pages: Int, beyond bound: Int) -> Bool {
    pages >= bound && (pages < pagesAtLastTry || pages - pagesAtLastTry >= Self.restPages)
  }
}
