import DurableFiles
import PersistenceMessages

extension FolderLock {
  /// Takes the lock again if the locked file is no longer in the folder, because the folder was moved or replaced, or
  /// the file was deleted.
  ///
  /// - Returns: whether the lock was taken again.
  /// - Throws: while another process holds the new lock.
  func claim() throws(StoreFailure) -> Bool {
    guard !isInPlace else { return false }
    do throws(FolderLockFailure) {
      try takeAgain()
      return true
    } catch {
      // An error that prevents creating the file also prevents writing the database, which reports it more precisely.
      guard case .held(let holder, let folder) = error else { return false }
      throw StoreFailure(
        .busy,
        "\(folder)/\(DataFolderLayout.lockName) was deleted or replaced, and what lies there now is held by \(holder)",
        remedy: "End that process in order, or put the folder back. Keep this host running until it has stored.")
    }
  }
}
