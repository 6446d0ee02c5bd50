import DurableFiles
import PersistenceMessages

extension FolderLock {
  /// Takes the lock of the folder that lies at the path now, if that is another one than before.
  ///
  /// - Throws: while somebody else holds it.
  func claim() throws(StoreFailure) {
    guard !isInPlace else { return }
    do throws(FolderLockProblem) {
      try takeAgain()
    } catch {
      // What keeps the file from being made keeps the database from being written, and has a better name there.
      guard case .held(let holder, let folder) = error else { return }
      throw StoreFailure(
        .busy, "\(folder) was moved or replaced, and what lies there now is in use by \(holder)",
        remedy: "Stop it, or put the folder back.", canRetry: true)
    }
  }
}
