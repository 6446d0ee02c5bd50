import PersistenceMessages
import SQLiteConnection

/// The consequence of a failure for the open database. The decision table of docs/failure-modes.md; pure.
enum SessionVerdict: Equatable {
  /// Nothing was written, and the state of the database is known: the next attempt uses the same connection.
  case keep
  /// Open again and compare the head; if it is unchanged, continue from it.
  case compareHead
  /// Open again and write all documents again.
  case reopen
  /// The same, and the log must be renewed first (LogRenewal.swift): the kernel may return pages of it that never
  /// reached the disk, and frames appended after those would be lost with them.
  case doubtLog
  /// The file is damaged: it goes to quarantine before the next opening.
  case giveUp

  /// - Parameter isInTransaction: whether the rollback failed too.
  init(_ problem: SQLiteFailure, _ code: StoreFailure.Code, isInTransaction: Bool) {
    switch code {
    case .corrupt: self = .giveUp
    case .io: self = .doubtLog
    case .full where problem.isIOError: self = .doubtLog
    case .full where problem.leavesOutcomeUnknown: self = .compareHead
    case .full, .busy, .encoding: self = problem.leavesOutcomeUnknown || isInTransaction ? .reopen : .keep
    case .readOnly, .cannotOpen, .moved, .newerSchema, .unexpected, .invariant: self = .reopen
    }
  }
}
