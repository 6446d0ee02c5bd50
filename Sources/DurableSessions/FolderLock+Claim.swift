import DurableFiles
import PersistenceMessages

extension FolderLock {
  /// Takes the lock again if the file that is locked no longer lies in the folder: the folder was moved or replaced, or
  /// somebody deleted the file.
  ///
  /// - Returns: whether it was another one.
  /// - Throws: while somebody else holds it.
  func claim() throws(StoreFailure) -> Bool {
    guard !isInPlace else { return false }
    do throws(FolderLockFailure) {
      try takeAgain()
      return true
    } catch {
      // What keeps the file from being made keeps the database from being written, and has a better name there.
      guard case .held(let holder, let folder) = error else { return false }
      throw StoreFailure(
        .busy,
        "\(folder)/\(FolderLock.fileName) was deleted or replaced, and what lies there now is held by \(holder)",
        remedy: "End that process in order, or put the folder back. Keep this host running until it has stored.")
    }
  }
}
