import PersistenceMessages

// One process writes (invariant I9), and the folder lock sees to it. What happens when that was circumvented.
extension GenerationStore {
  /// The session of a store: opened if need be, its files in their place, and the folder ours. Two calls of `stat` more
  /// than ``placedSession()``: somebody may have deleted the lock's file since the last rest.
  func ownedSession() throws(StoreFailure) -> StoreSession {
    let session = try placedSession()
    do throws(StoreFailure) {
      try options.claimFolder()
    } catch {
      drop()
      noteFacts(trouble: error)
      throw error
    }
    return session
  }

  /// The failure of a store that lost against another writer; nil when there was none. The database is open again
  /// afterwards, and the next attempt stores on top of what the other one wrote.
  ///
  /// - Parameters:
  ///   - failure: of the write. Another writer takes the number of the next generation, which breaks a constraint.
  ///   - earlier: the newest generation that this session knew.
  func overtaking(_ failure: StoreFailure, since earlier: StoreSession.Head?) -> StoreFailure? {
    guard failure.code == .invariant else { return nil }
    drop()
    let opened = try? openSession()
    noteFacts(trouble: failure)
    guard let opened, let head = opened.head, head.record.generation > earlier?.record.generation ?? 0 else {
      return nil
    }
    return .overtaken(by: head.record.generation, LockHolder.holders(of: .opened, opened.files), opened.files)
  }
}

extension StoreFailure {
  /// - Parameter holders: the other processes that have the database open.
  fileprivate static func overtaken(
    by generation: Int64, _ holders: [LockHolder], _ files: DatabaseFiles
  ) -> StoreFailure {
    let names = holders.isEmpty ? "another program" : holders.map(\.description).joined(separator: ", ")
    return StoreFailure(
      .busy, "\(names) stored generation \(generation) in \(files.database) while this process writes there",
      remedy: "Only one program may write: end the other one in order.")
  }
}
