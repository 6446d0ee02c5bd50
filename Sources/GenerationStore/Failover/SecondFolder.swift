import PersistenceMessages

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
    drop()
    self.show = show
    damage = Damage(reason: "another-show", isSalvaged: false)
  }

  /// Numbers given from here on are above `mark`.
  public func raiseHighWaterMark(to mark: HighWaterMark) {
    headFile.raise(to: mark)
  }

  /// Whether the newest stored state is not known to be on this folder's disk.
  var isHomeless: Bool { newest != nil && (session == nil || isNewestDoubtful) }
}

extension OpenedStore {
  /// What the second folder holds of this show, when that is newer than anything the first one ever held: the host ended
  /// while it stored there. Nil when it is not, or can't be read; then the reports say why.
  ///
  /// - Returns: the state, and the numbers that are used up.
  public mutating func restoreNewer(in folder: String) -> (restored: Restored, mark: HighWaterMark)? {
    let path = DatabaseFiles(folder: folder).database
    guard DatabaseFiles.size(of: path) != nil else { return nil }
    // A first folder of which nothing can be read is worse than an older state.
    let known = restored == nil ? 0 : store.highWaterMark.sequence
    do throws(StoreFailure) {
      let reader = try GenerationReader.open(store.options.reading, databasePath: path)
      defer { reader.close() }
      guard let head = try reader.head(), head.sequence > known else { return nil }
      // A first folder without a show is a disk that was replaced.
      if let show = store.show, restored != nil, try reader.show() != show {
        reports.append("\(folder) holds another show, which is left alone")
        return nil
      }
      guard var found = try reader.restore().restored, found.sequence > known else { return nil }
      if found.rung == .newest { found.rung = .secondFolder }
      let mark = HighWaterMark(
        generation: head.generation, sequence: head.sequence, storedAtUnixMs: head.storedAtUnixMs)
      return (found, mark)
    } catch {
      reports.append("the second folder can't be read: \(error)")
      return nil
    }
  }
}
