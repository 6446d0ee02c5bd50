package import PersistenceMessages

/// Whether a database may be moved to quarantine and a fresh one put in its place. A decision, no I/O.
///
/// A disk that fails for a while makes every database on it look bad. So the database moves only when the disk has shown
/// that it takes another one, whole, and fails this one all the same:
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
  /// What of a database can be read, or was read back from its successor.
  package struct Content: Sendable, Equatable {
    /// The numbers of the whole generations.
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

  /// How the database fared when it was tried once more, beside its whole successor.
  package enum Trial: Sendable, Equatable {
    case stored
    case failed(StoreFailure.Code)
    /// SQLite finds it damaged: nothing more is written into it.
    case damaged
  }

  package enum Verdict: Sendable, Equatable {
    case stays
    case isMoved
  }

  /// - Parameters:
  ///   - successor: what was read back from it after it was synced; nil when it could not be built.
  ///   - readable: what can be read of the database.
  package static func decide(successor: Content?, readable: Content, trial: Trial) -> Verdict {
    guard let successor, successor.holdsAll(of: readable) else { return .stays }
    switch trial {
    case .stored: return .stays
    case .failed(let code): return code == .io ? .isMoved : .stays
    case .damaged: return .isMoved
    }
  }
}
