import PersistenceMessages
import SQLiteConnection

// The folder lock ensures that one process writes (invariant I9). This file handles writers that circumvented the lock.
extension GenerationStore {
  /// The session for a store: opened if necessary, with its files in place and the folder locked by this process. It
  /// makes two more `stat` calls than ``placedSession()``, because the lock's file may have been deleted since the last
  /// rest.
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

  /// The failure to report if another program wrote a generation meanwhile; nil if none did. Afterwards the database is
  /// open again, and the next attempt stores on top of what the other program wrote.
  ///
  /// - Parameters:
  ///   - failure: the failure of the write: the other writer used the number of the next generation, which violates a
  ///     constraint.
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
