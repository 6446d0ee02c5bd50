import CSQLite
import PersistenceMessages

/// What a failure means for the open database. The decision table of docs/failure-modes.md; pure.
enum SessionVerdict: Equatable {
  /// Nothing was written and nothing is in doubt: the next attempt goes on with the same connection.
  case keep
  /// Open again and look whether the head is still the same; if it is, go on from it.
  case compareHead
  /// Open again and write everything afresh.
  case reopen
  /// The same, and the log must be renewed first (LogRenewal.swift): the kernel may show pages of it that never reached the
  /// disk, and what is appended behind those would be lost with them.
  case doubtLog
  /// The file is damaged: it goes to quarantine before the next opening.
  case giveUp

  /// - Parameter isInTransaction: whether the rollback failed too.
  init(_ problem: SQLiteFailure, _ code: StoreFailure.Code, isInTransaction: Bool) {
    switch code {
    case .corrupt: self = .giveUp
    case .io: self = .doubtLog
    case .full where problem.primaryCode == SQLITE_IOERR: self = .doubtLog
    case .full where problem.leavesOutcomeUnknown: self = .compareHead
    case .full, .busy, .encoding: self = problem.leavesOutcomeUnknown || isInTransaction ? .reopen : .keep
    case .readOnly, .cannotOpen, .moved, .newerSchema, .unexpected, .invariant: self = .reopen
    }
  }
}
