package import PersistenceMessages

/// Decides whether a database may be moved to quarantine and replaced by a fresh one. No I/O.
///
/// A temporary failure of a disk affects every database on it. The database is therefore moved only if another one
/// could be written completely to the same disk, and this one still fails:
///
/// | the successor                               | the database, tried once more         | then          |
/// |---------------------------------------------|---------------------------------------|---------------|
/// | could not be built, synced or read back     | –                                     | it stays      |
/// | lacks something that could be read          | –                                     | it stays      |
/// | holds everything that could be read         | takes the newest state                | it stays      |
/// | holds everything that could be read         | fails, and not with an I/O error      | it stays      |
/// | holds everything that could be read         | fails with an I/O error               | it is moved   |
/// | holds everything that could be read         | not tried: SQLite finds it damaged    | it is moved   |
package enum ReplacementRule {
  /// The readable content of a database, or the content that was read back from its successor.
  package struct Content: Sendable, Equatable {
    /// The numbers of the undamaged generations.
    package var generations: Set<Int64>
    /// Pins and other marks of these, as `generation word label`.
    package var marks: Set<String>
    /// The numbers of the host's runs.
    package var runs: Set<Int64>

    package init(generations: Set<Int64> = [], marks: Set<String> = [], runs: Set<Int64> = []) {
      self.generations = generations
      self.marks = marks
      self.runs = runs
    }

    package func holdsAll(of other: Content) -> Bool {
      generations.isSuperset(of: other.generations) && marks.isSuperset(of: other.marks)
        && runs.isSuperset(of: other.runs)
    }
  }

  /// The result of trying the database once more, after its successor was complete.
  package enum Trial: Sendable, Equatable {
    case stored
    case failed(StoreFailure.Code)
    /// SQLite finds it damaged; it must not be written any more.
    case damaged
  }

  package enum Verdict: Sendable, Equatable {
    case stays
    case isMoved
  }

  /// - Parameters:
  ///   - successor: the content read back from the successor after it was synced; nil if it could not be built.
  ///   - readable: the readable content of the database.
  package static func decide(successor: Content?, readable: Content, trial: Trial) -> Verdict {
    guard let successor, successor.holdsAll(of: readable) else { return .stays }
    switch trial {
    case .stored: return .stays
    case .failed(let code): return code == .io ? .isMoved : .stays
    case .damaged: return .isMoved
    }
  }
}
