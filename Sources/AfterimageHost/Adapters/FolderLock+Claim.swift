import DurableFiles
import PersistenceMessages

extension FolderLock {
  /// Takes the lock of the folder that lies at the path now, if that is another one than before.
  ///
  /// - Returns: whether it was another one.
  /// - Throws: while somebody else holds it.
  func claim() throws(StoreFailure) -> Bool {
    guard !isInPlace else { return false }
    do throws(FolderLockProblem) {
      try takeAgain()
      return true
    } catch {
      // What keeps the file from being made keeps the database from being written, and has a better name there.
      guard case .held(let holder, let folder) = error else { return false }
      throw StoreFailure(
        .busy, "\(folder) was moved or replaced, and what lies there now is in use by \(holder)",
        remedy: "Stop it, or put the folder back.")
    }
  }
}
