public import PersistenceMessages

/// A generation store with a second folder to go to while the first one does not take anything: the newest state is kept
/// there, and drained back when the first folder is well again. Each step is told to the operator.
///
/// Generation numbers and sequences run on across both folders, so that at a start the newer of the two is known.
/// Without a second folder it still replaces a database whose file goes on failing.
///
/// One thread at a time, as ``GenerationStore``.
public final class FailoverStore {
  private let first: GenerationStore
  private let second: GenerationStore?
  private var policy: FailoverPolicy
  /// What the second folder holds that the first one lacks; nil while the first one is used.
  private var newestInSecond: PersistenceSnapshot?
  /// Why the first folder was left.
  private var cause: StoreFailure?
  /// What the first folder's record says, or is to say as soon as its disk takes it.
  private var elsewhere: Elsewhere
  private var isElsewhereWritten = true

  /// - Parameters:
  ///   - first: opened already, or trying to.
  ///   - second: of the second folder; it is opened when it is needed.
  public init(first: GenerationStore, second: StoreOptions?) {
    self.first = first
    self.second = second.map { GenerationStore($0) }
    policy = FailoverPolicy(hasSecond: second != nil)
    elsewhere = second == nil ? Elsewhere() : Elsewhere(dataFolder: first.options.folder)
  }

  /// The store of the folder that is used now: for marks.
  public var current: GenerationStore { policy.place == .second ? second ?? first : first }

  /// The store of the first folder: this run is noted there.
  public var home: GenerationStore { first }
  public var isInSecondFolder: Bool { policy.place == .second }

  public var facts: StoreFacts {
    var facts = current.facts
    if policy.place == .second, let second, let cause {
      facts.failover = StoreFacts.Failover(folder: second.options.folder, cause: cause)
    }
    return facts
  }

  /// As ``GenerationStore/store(_:requests:)``, in whichever folder takes it.
  public func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    if policy.place == .second { return try storeInSecond(snapshot, requests) }
    do throws(StoreFailure) {
      let stored = try first.store(snapshot, requests: requests)
      policy.noteStored()
      return stored
    } catch {
      switch policy.noteFailure(error.code) {
      case .retry: throw error
      case .tryFreshDatabase: return try storeInFreshDatabase(snapshot, requests, because: error)
      case .failOver: return try failOver(snapshot, requests, because: error)
      }
    }
  }

  /// Housekeeping; called at most once a second.
  public func rest(idleFor: Duration) {
    guard policy.place == .second, let second else {
      first.rest(idleFor: idleFor)
      let trouble = first.isHomeless ? first.facts.trouble : nil
      guard policy.noteRest(isHomeless: trouble != nil) == .failOver, let trouble, let newest = first.newest.entry
      else {
        return
      }
      _ = try? failOver(newest.snapshot, 0, because: trouble)
      return
    }
    second.rest(idleFor: idleFor)
    guard policy.noteRestInSecond(), let newestInSecond else { return }
    if (try? goBack(with: newestInSecond, 0)) == nil { writeElsewhere() }
  }

  /// Closes both folders.
  ///
  /// - Throws: what the one that is used said; nothing is lost by it.
  public func close() throws(StoreFailure) {
    let isInSecond = policy.place == .second
    if isInSecond { noteElsewhere() }
    let firstFailure = Self.closing(first)
    let secondFailure = second.flatMap(Self.closing)
    if let failure = isInSecond ? secondFailure : firstFailure { throw failure }
  }

  private static func closing(_ store: GenerationStore) -> StoreFailure? {
    do throws(StoreFailure) {
      try store.close()
      return nil
    } catch {
      return error
    }
  }

  /// The database's own file may be ill, or the whole disk. Only a disk that takes a whole successor, and still fails the
  /// old database beside it, gets the successor in its place.
  private func storeInFreshDatabase(
    _ snapshot: PersistenceSnapshot, _ requests: UInt64, because failure: StoreFailure
  ) throws(StoreFailure) -> StoredGeneration {
    guard let successor = first.buildSuccessor() else { throw failure }
    let trial: ReplacementRule.Trial
    do throws(StoreFailure) {
      let stored = try first.store(snapshot, requests: requests)
      first.discardSuccessor()
      policy.noteStored()
      return stored
    } catch {
      trial = .failed(error.code)
    }
    guard
      ReplacementRule.decide(successor: successor.held, readable: successor.readable, trial: trial) == .isMoved
    else {
      first.discardSuccessor()
      throw failure
    }
    try first.installSuccessor(successor, reason: "io-errors")
    policy.noteReplaced()
    let stored = try first.store(snapshot, requests: requests)
    policy.noteStored()
    return stored
  }

  private func failOver(
    _ snapshot: PersistenceSnapshot, _ requests: UInt64, because failure: StoreFailure
  ) throws(StoreFailure) -> StoredGeneration {
    guard let second else { throw failure }
    do throws(StoreFailure) {
      try second.belong(to: first)
      if first.recovered.isUnstored { second.noteRecoveredState() }
      let stored = try second.store(snapshot, requests: requests)
      policy.noteFailedOver()
      newestInSecond = snapshot
      cause = failure
      noteElsewhere()
      first.tell(
        "\(failure.message); the show is stored in \(second.options.folder) from generation \(stored.generation) on")
      return stored
    } catch {
      throw failure.joined(by: error, of: second.options.folder)
    }
  }

  /// Notes in the first folder what the second one holds, for a start that is not given it.
  private func noteElsewhere() {
    guard let second, let head = second.head else { return }
    elsewhere.note(
      second.options.folder,
      HighWaterMark(generation: head.generation, sequence: head.sequence, storedAtUnixMs: head.storedAtUnixMs))
    isElsewhereWritten = false
    writeElsewhere()
  }

  /// The first folder's disk is ill, so this may fail; then it is tried again with each attempt to go back.
  private func writeElsewhere() {
    guard !isElsewhereWritten else { return }
    isElsewhereWritten = (try? elsewhere.write(to: first.options.folder)) != nil
  }

  private func storeInSecond(
    _ snapshot: PersistenceSnapshot, _ requests: UInt64
  ) throws(StoreFailure) -> StoredGeneration {
    guard let second else { return try first.store(snapshot, requests: requests) }
    do throws(StoreFailure) {
      let stored = try second.store(snapshot, requests: requests)
      newestInSecond = snapshot
      return stored
    } catch {
      let failure = error
      // Both are ill: whichever is well first takes it.
      do throws(StoreFailure) { return try goBack(with: snapshot, requests) } catch {
        throw failure.joined(by: error, of: first.options.folder)
      }
    }
  }

  /// Drains the second folder: the first one gets the newest state, and is used again from there on.
  @discardableResult
  private func goBack(
    with snapshot: PersistenceSnapshot, _ requests: UInt64
  ) throws(StoreFailure) -> StoredGeneration {
    if let second { first.raiseHighWaterMark(to: second.highWaterMark) }
    do throws(StoreFailure) {
      let stored = try first.store(snapshot, requests: requests)
      first.tell("\(first.options.folder) works again: the newest state is generation \(stored.generation) there")
      policy.noteStored()
      newestInSecond = nil
      cause = nil
      return stored
    } catch {
      policy.noteProbeFailed()
      throw error
    }
  }
}

extension StoreFailure {
  /// Both folders failed: the first one's failure leads, because that is the one to mend, unless only the other one
  /// leaves room for another attempt.
  fileprivate func joined(by other: StoreFailure, of folder: String) -> StoreFailure {
    StoreFailure(
      canRetry ? code : other.code, "\(message); \(folder) can't be used either: \(other.message)", remedy: remedy)
  }
}
