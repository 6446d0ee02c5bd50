package import PersistenceMessages

/// What a start has found so far. The effects fill it in, one step at a time.
package struct RecoveryFindings: Sendable, Equatable {
  package enum Database: Sendable, Equatable {
    case unread
    /// SQLite finds it damaged; what could be read of it in its place.
    case damaged(RecoveryRung?)
    /// Nothing was ever stored in this folder.
    case new
    /// What the database, or the one that replaced it, holds; nil when no generation can be read.
    case read(RecoveryRung?)
  }

  package enum Search: Sendable, Equatable {
    case pending
    case nothing
    case found(RecoveryRung)
  }

  /// What the crash count says.
  package var crashLoop: CrashLoopGuard.Plan
  package var database = Database.unread
  /// Quarantined predecessors.
  package var quarantine = Search.pending
  /// The second folder, and those of earlier runs. A find is newer than the data folder's own state.
  package var elsewhere = Search.pending
  /// The generation that was loaded from the data folder or a predecessor; nil when none was.
  package var loaded: Int64?
  /// The program's first state or its last resort.
  package var program = Search.pending
  /// The program's state that can't end it.
  package var harmless = Search.pending
  /// The crash recorder's segment; `absent` where none is kept.
  package var segment = SegmentFinding.absent

  package init(crashLoop: CrashLoopGuard.Plan = .newest) { self.crashLoop = crashLoop }

  /// The best state found, before the crash-loop guard has its say.
  fileprivate var base: RecoveryRung? {
    if case .found(let rung) = elsewhere { return rung }
    if case .read(let rung?) = database { return rung }
    if case .found(let rung) = quarantine { return rung }
    if case .found(let rung) = program { return rung }
    return nil
  }

  fileprivate var isStored: Bool { program == .pending }
}

/// What a start does next.
package enum RecoveryStep: Sendable, Equatable {
  package enum Question: Sendable, Equatable { case beginning, lastResort, harmless }

  /// Open the database and read its generations, from this one downwards; nil: from the newest.
  case readDatabase(from: Int64?)
  /// Put a fresh database in its place, with what SQLite or a search in the pages finds in the damaged one.
  case replaceDatabase
  case searchQuarantine
  /// - takesNewer: whether newer state is taken, or only reported.
  case lookElsewhere(takesNewer: Bool)
  case askProgram(Question)
  case readSegment
  /// The state is decided.
  case begin(RecoveryRung, SegmentVerdict)
}

/// The one table of the recovery: disk × crash count × second folder × quarantined predecessor × page salvage × the
/// program's own rungs. A decision, no I/O. The first row that applies is the next step.
///
/// | database         | otherwise                                        | next                                        |
/// |------------------|--------------------------------------------------|---------------------------------------------|
/// | unread           |                                                  | read it, from the guard's generation down   |
/// | damaged          |                                                  | replace it, with what its pages hold        |
/// | holds nothing    | quarantine not searched                          | search it for a predecessor                 |
/// | any              | second folders not looked at                     | look there; a guard that acts takes nothing |
/// | new              | nothing found                                    | the program's first state                   |
/// | holds nothing    | nothing found                                    | the program's last resort                   |
/// | any              | the guard wants a harmless state, not asked for  | ask the program for one                     |
/// | any              | stored state, no guard acts, segment not read    | read the segment                            |
/// | any              | the guard wants a harmless state, there is one   | begin with that                             |
/// | any              | the guard's proven generation was loaded         | begin: `proven`                             |
/// | any              | newer state lies elsewhere                       | begin: `secondFolder`                       |
/// | holds something  |                                                  | begin: that rung                            |
/// | holds nothing    | a predecessor was found                          | begin: `predecessor`                        |
/// | new, or nothing  | the program has answered                         | begin: the program's rung                   |
package enum RecoveryTable {
  package static func next(_ found: RecoveryFindings) -> RecoveryStep {
    switch found.database {
    case .unread: return .readDatabase(from: found.crashLoop.generation)
    case .damaged: return .replaceDatabase
    case .read(nil) where found.quarantine == .pending: return .searchQuarantine
    case .read, .new: break
    }
    if found.elsewhere == .pending { return .lookElsewhere(takesNewer: !found.crashLoop.isActing) }
    guard let base = found.base else { return .askProgram(found.database == .new ? .beginning : .lastResort) }
    return next(found, base)
  }

  private static func next(_ found: RecoveryFindings, _ base: RecoveryRung) -> RecoveryStep {
    switch found.crashLoop {
    case .newest:
      guard found.isStored else { return .begin(base, .nothing) }
      if found.segment == .pending { return .readSegment }
      return .begin(base, SegmentRule.decide(found.segment))
    case .proven(let generation, _): return .begin(found.loaded == generation ? .proven : base, .nothing)
    case .harmless:
      switch found.harmless {
      case .pending: return .askProgram(.harmless)
      case .nothing: return .begin(base, .nothing)
      case .found(let rung): return .begin(rung, .nothing)
      }
    }
  }
}
