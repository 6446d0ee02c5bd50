import PersistenceMessages
import SQLiteConnection

// What ties the second folder to the first: one show, one count of generations.

extension GenerationStore {
  /// Makes this store, of the second folder, go on where `first` is: the same show, and numbers above all of its. A
  /// database of another show that lies in the folder goes to quarantine as it is.
  func belong(to first: GenerationStore) throws(StoreFailure) {
    raiseHighWaterMark(to: first.highWaterMark)
    guard let show = first.show else { return }
    // A new database gets this one; one that is there keeps its own.
    self.show = show
    guard try openSession().show != show else { return }
    tell("the database in \(options.folder) is another show's")
    self.show = show
    drop(before: .replace(DatabaseDamage(reason: Quarantine.anotherShow, isSalvaged: false)))
  }

  /// Numbers given from here on are above `mark`.
  public func raiseHighWaterMark(to mark: HighWaterMark) {
    headFile.raise(to: mark)
  }

  /// Whether the newest stored state is not known to be on this folder's disk.
  var isHomeless: Bool { newest.entry != nil && (session == nil || newest.isDoubtful) }
}

extension OpenedStore {
  /// What another folder holds of this show.
  private struct Found {
    var finding = ElsewhereRule.Finding.nothing
    var restored: Restored?
    var mark = HighWaterMark()
    /// Why it can't be read.
    var problem = ""

    /// Why what is recorded of it can't be had.
    var reason: String { finding == .unreadable ? "can't be read: \(problem)" : "does not hold it any more" }
  }

  /// Takes the show from another folder when that holds newer state than this one ever did: the host ended while it stored
  /// there. What is known to lie elsewhere and can't be had is a loss, with its place.
  ///
  /// - Parameters:
  ///   - given: the second folder of this run; nil when there is none.
  ///   - record: the folders that earlier runs were given.
  ///   - takesNewer: false when a crash-loop guard chose the state; then newer state is only reported.
  public mutating func restoreNewer(given: String?, record: Elsewhere, takesNewer: Bool = true) {
    findings.elsewhere = .nothing
    var places = record.places
    if let given, !places.contains(where: { $0.folder == given }) { places.insert(.init(folder: given), at: 0) }
    guard !places.isEmpty else { return }
    // A first folder of which nothing can be read is worse than an older state.
    let known = restored == nil ? 0 : store.highWaterMark.sequence
    let found = places.map { look(in: $0.folder, above: known) }
    let decision = ElsewhereRule.decide(
      zip(places, found).map { ElsewhereRule.Place($1.finding, recorded: $0.newest.sequence) }, known: known)
    if let taken = decision.taken { take(found[taken], from: places[taken], takesNewer: takesNewer) }
    for index in decision.missing {
      lost.append("\(places[index].words), which \(found[index].reason)")
      store.raiseHighWaterMark(to: places[index].newest)
    }
    for index in decision.doubtful where places[index].folder != given {
      reports.append(
        "\(places[index].folder) was a second folder of this show and can't be read (\(found[index].problem)); newer state "
          + "may lie there")
    }
  }

  private mutating func take(_ found: Found, from place: Elsewhere.Place, takesNewer: Bool) {
    guard let restored = found.restored else { return }
    store.raiseHighWaterMark(to: found.mark)
    if takesNewer {
      self.restored = restored
      findings.elsewhere = .found(restored.rung)
    } else {
      lost.append("generation \(found.mark.generation) in \(place.folder) is newer and was not taken")
    }
  }

  private mutating func look(in folder: String, above known: UInt64) -> Found {
    let path = DatabaseFiles(folder: folder).database
    guard DatabaseFiles.identity(of: folder) != nil else {
      return Found(finding: .unreadable, problem: "there is no such folder")
    }
    guard DatabaseFiles.size(of: path) != nil else { return Found() }
    do throws(StoreFailure) {
      let reader = try GenerationReader.open(store.options.reading, databasePath: path)
      defer { reader.close() }
      guard let head = try reader.head(), head.sequence > known else { return Found() }
      // A first folder without a show is a disk that was replaced.
      if let show = store.show, restored != nil, try reader.show() != show {
        reports.append("\(folder) holds another show, which is left alone")
        return Found()
      }
      guard var restored = try reader.restore().restored, restored.sequence > known else { return Found() }
      if restored.rung == .newest { restored.rung = .secondFolder }
      let mark = HighWaterMark(
        generation: head.generation, sequence: head.sequence, storedAtUnixMs: head.storedAtUnixMs)
      return Found(finding: .holds(restored.sequence), restored: restored, mark: mark)
    } catch {
      reports.append("the second folder \(folder) can't be read: \(error)")
      return Found(finding: .unreadable, problem: error.message)
    }
  }
}
