public import PersistenceMessages
import SQLiteConnection

/// What a host gets at its start, whatever state its data folder is in.
public struct OpenedStore {
  /// Always usable: while the database can't be opened, each call tries again.
  public var store: GenerationStore
  /// Nil when no generation could be read: presets or an empty show are the host's next rungs.
  public var restored: Restored?
  /// Whether nothing was ever stored here, as far as one can tell.
  public var isNew: Bool
  /// Whether there was a database that could not be used and was moved away.
  public var wasDamaged: Bool
  /// Where the files of a damaged database were moved to; nil when none was moved.
  public var quarantined: String?
  /// Whether the search in the pages of the damaged database took longer than a start may wait: it can be repeated
  /// without a deadline (``BackgroundSalvage``), and what it finds be given to ``GenerationStore/adopt(from:)``.
  public var isSalvageOverdue = false
  /// What the high-water mark knows and the database does not; nil when nothing is missing.
  public var missing: MissingGenerations?
  /// What else is known to be lost, in words: state that lies in another folder and can't be had.
  public var lost: [String] = []
  /// Why nothing can be stored for now; nil when the database is open.
  public var failure: StoreFailure?
  /// What the operator should know, in sentences.
  public var reports: [String]
  /// What the start has found so far, for ``RecoveryTable``.
  package var findings = RecoveryFindings()
}

/// Generations that were reported as stored and are gone without a trace: a log was lost or cut off.
public struct MissingGenerations: Sendable, Equatable, CustomStringConvertible {
  /// The newest one in the database; 0 when there is none.
  public var found: Int64
  /// The newest one that was ever stored, according to `head.json`.
  public var known: Int64

  public var description: String {
    found == 0
      ? "generation \(known) was stored once (head.json), and there is none in the database"
      : "generation \(known) was stored once (head.json), and the newest one in the database is \(found): "
        + "\(known - found) are missing"
  }
}

extension GenerationStore {
  /// Opens the data folder and restores the show, and never fails because of damage: what can't be used is moved to
  /// `quarantine/`, what can be read of it goes into a fresh database, and nothing is deleted. A database of a newer
  /// schema is left alone and only read.
  ///
  /// | what lies there                                   | then                                                       |
  /// |---------------------------------------------------|------------------------------------------------------------|
  /// | no database, or an empty one, and no log          | a new database                                             |
  /// | no database, or an empty one, beside a log        | all to quarantine, what the log's pages hold into a new one|
  /// | no SQLite file, or not of Afterimage              | all to quarantine, what its pages hold into a new one      |
  /// | a newer schema                                    | left alone and read; storing fails until it is another one |
  /// | an older schema                                   | a copy to quarantine, then migrated                        |
  /// | what can't be opened (permission, no file)        | left alone; each store tries again                         |
  /// | pages that SQLite finds damaged                   | all to quarantine, the whole generations into a new one    |
  /// | a database, some generations damaged              | opened; the ladder (``RecoveryLadder``) passes them over   |
  /// | a database that is older than `head.json`         | opened; what is missing is reported                        |
  ///
  /// The search in the pages (``PageSalvage``) has ``StoreOptions/salvageBudget``; longer ones are given up here.
  ///
  /// On any rung but the first the ring is frozen: see ``RecoveredState``.
  ///
  /// - Parameter generation: the one to begin with instead of the newest one, such as the newest proven after a loop of
  ///   crashes.
  public static func openOrQuarantine(_ options: StoreOptions, from generation: Int64? = nil) -> OpenedStore {
    openOrQuarantine(GenerationStore(options), from: generation)
  }

  static func openOrQuarantine(_ store: GenerationStore, from generation: Int64?) -> OpenedStore {
    openOrQuarantine(store, after: generation.map { .proven($0, suspects: []) } ?? .newest)
  }

  /// - Parameter crashLoop: what the crash-loop guard decided.
  package static func openOrQuarantine(_ options: StoreOptions, after crashLoop: CrashLoopGuard.Plan) -> OpenedStore {
    openOrQuarantine(GenerationStore(options), after: crashLoop)
  }

  private static func openOrQuarantine(_ store: GenerationStore, after crashLoop: CrashLoopGuard.Plan) -> OpenedStore {
    var start = StoreStart(store, crashLoop)
    while start.take(RecoveryTable.next(start.findings)) {}
    return start.opened()
  }

  /// The steps of a start within its own data folder. ``RecoveryTable`` decides which one comes next.
  private struct StoreStart {
    private let store: GenerationStore
    private let wasEmpty: Bool
    private let formerShow: ShowID?
    private var failure: StoreFailure?
    private var restoring = GenerationReader.Restoring()
    private var wasDamaged = false
    private(set) var findings: RecoveryFindings

    init(_ store: GenerationStore, _ crashLoop: CrashLoopGuard.Plan) {
      self.store = store
      wasEmpty = store.isFolderEmpty
      formerShow = store.readableShow
      findings = RecoveryFindings(crashLoop: crashLoop)
      store.discardSuccessor()
    }

    private var isNew: Bool {
      wasEmpty || failure == nil && !wasDamaged && store.highWaterMark.generation == 0
    }

    /// - Returns: whether the step was one of the store's.
    mutating func take(_ step: RecoveryStep) -> Bool {
      switch step {
      case .readDatabase(let generation): readDatabase(from: generation)
      case .replaceDatabase: replaceDatabase()
      case .searchQuarantine: searchQuarantine()
      case .lookElsewhere, .askProgram, .readSegment, .begin: return false
      }
      return true
    }

    private mutating func readDatabase(from generation: Int64?) {
      failure = store.tryToOpen(replacingDamaged: false)
      restoring = store.readGenerations(from: generation)
      wasDamaged = restoring.isStructural || failure?.code == .corrupt
      if wasDamaged { findings.database = .damaged(restoring.restored?.rung) } else { noteRead() }
    }

    private mutating func replaceDatabase() {
      store.replaceDatabase()
      failure = store.tryToOpen()
      restoring.take(store.readGenerations(from: findings.crashLoop.generation), store.replaced)
      noteRead()
    }

    private mutating func noteRead() {
      findings.loaded = restoring.restored?.generation
      findings.database = restoring.restored == nil && isNew ? .new : .read(restoring.restored?.rung)
    }

    private mutating func searchQuarantine() {
      findings.quarantine = .nothing
      guard let predecessor = store.restorePredecessor(of: formerShow), let found = predecessor.restored else { return }
      restoring = predecessor
      findings.loaded = found.generation
      findings.quarantine = .found(found.rung)
    }

    /// Takes what was found, and reports what the high-water mark knows beyond that.
    func opened() -> OpenedStore {
      var restored = restoring.restored
      let isNew = isNew
      if let restored { store.take(restored, restoring) }
      let missing = store.missingGenerations
      if let missing {
        store.tell(missing.description)
        restored?.lost.append(missing.description)
      }
      return OpenedStore(
        store: store, restored: restored, isNew: isNew, wasDamaged: wasDamaged, quarantined: store.replaced?.folder,
        isSalvageOverdue: store.replaced?.isOverdue ?? false, missing: missing, failure: failure,
        reports: store.reports, findings: findings)
    }
  }

  /// The show of the database that lies there; nil when it can't be read.
  private var readableShow: ShowID? {
    let files = DatabaseFiles(folder: options.folder)
    guard !files.isHeadDestroyed,
      let reader = try? GenerationReader.open(options.reading, databasePath: files.database, vfs: options.vfs)
    else { return nil }
    defer { reader.close() }
    return (try? reader.show()) ?? nil
  }

  /// No database, or an empty one, no log, and no high-water mark.
  private var isFolderEmpty: Bool {
    let files = DatabaseFiles(folder: options.folder)
    let sizes = [files.database, files.log].compactMap(DatabaseFiles.size(of:))
    return sizes.allSatisfy { $0 == 0 } && headFile.mark.generation == 0
  }

  /// SQLite deletes a log that lies beside a file which is not a database, so that such a file is not opened at all.
  private func tryToOpen(replacingDamaged replacesDamaged: Bool = true) -> StoreFailure? {
    do throws(StoreFailure) {
      if !replacesDamaged { try refuseDestroyedHead() }
      try openSession(replacingDamaged: replacesDamaged)
      return nil
    } catch {
      noteFacts(trouble: error)
      tell(error.description)
      return error
    }
  }

  private func refuseDestroyedHead() throws(StoreFailure) {
    let files = DatabaseFiles(folder: options.folder)
    // A checkpoint that the power cut off may leave garbage there, and the log still has the page.
    guard files.isHeadDestroyed, !files.hasFirstPageInLog else { return }
    throw .damaged("the beginning of \(files.database) is overwritten: it is not an SQLite database any more", files)
  }

  /// Through a connection of its own that only reads, so that it works while the writer's can't be opened.
  private func readGenerations(from generation: Int64?) -> GenerationReader.Restoring {
    do throws(StoreFailure) {
      if session == nil { try refuseDestroyedHead() }
      let reader = try GenerationReader.open(
        options.reading, databasePath: DatabaseFiles(folder: options.folder).database, besideWriter: session != nil,
        vfs: options.vfs)
      defer { reader.close() }
      let restoring = try reader.restore(from: generation)
      for words in restoring.passedOver { tell(words) }
      return restoring
    } catch {
      if error.code != .corrupt, session != nil { tell(error.description) }
      return GenerationReader.Restoring()
    }
  }

  private func take(_ restored: Restored, _ restoring: GenerationReader.Restoring) {
    let request = PersistenceRequest(
      target: .runtimeState, reason: restored.summary.reason, actor: restored.summary.actor, origin: .recovery,
      sequence: restored.sequence)
    newest = .held(
      .init(
        snapshot: PersistenceSnapshot(source: restored.source, request: request, requestCount: 0),
        generation: restored.generation, checksum: restoring.checksum))
    if session?.ring[restored.generation] == nil { newest.doubt() }
    if restored.rung != .newest {
      freezePruning()
      noteRecoveredState()
    }
    guard restored.rung == .newest, !restoring.isStructural, let session, let entry = session.ring.newest,
      entry.generation == restored.generation, entry.documents != nil
    else { return }
    session.baseline = restored.source
  }

  /// A log that was lost leaves a database that is older and clean in every check.
  private var missingGenerations: MissingGenerations? {
    let known = headFile.mark.generation
    let found = head?.generation ?? 0
    guard session != nil, known > found else { return nil }
    return MissingGenerations(found: found, known: known)
  }
}

extension GenerationReader.Restoring {
  /// Goes on with what the rebuilt database holds where that is better, and notes what the rebuilding lost.
  fileprivate mutating func take(_ rebuilt: Self, _ outcome: DatabaseReplacement.Outcome?) {
    let isBetter =
      rebuilt.restored.map { found in
        restored.map { $0.generation < found.generation || $0.rung == .partial && found.rung != .partial } ?? true
      } ?? false
    let gone = listed.filter { !rebuilt.listed.contains($0) }
    if isBetter, var found = rebuilt.restored {
      let missing = outcome?.pages?.saved.first { $0.generation == found.generation }?.missing ?? []
      found.rung = missing.isEmpty ? .salvaged : .partial
      found.lost = (restored?.lost ?? []) + found.lost + missing.map { "generation \(found.generation): \($0)" }
      if let pages = outcome?.pages {
        found.lost.append("SQLite could not open the database; \(pages.words)")
      }
      restored = found
      checksum = rebuilt.checksum
    }
    guard !gone.isEmpty else { return }
    restored?.lost.append("not saved from the damaged database: \(GenerationNumbers.words(gone))")
  }
}
