import Glibc
import Testing

@testable import DurableFiles

@Test func anAbsentFileReadsAsNil() throws {
  try withTemporaryFolder { folder in
    let content = try DurableFile.read("\(folder)/nothing", limit: 10)
    #expect(content == nil)
  }
}

@Test func readingIsBounded() throws {
  try withTemporaryFolder { folder in
    let path = "\(folder)/a"
    try DurableFile.replace(path, with: [UInt8](repeating: 7, count: 10_000))
    #expect(try DurableFile.read(path, limit: 10_000)?.count == 10_000)
    let failure = #expect(throws: FileFailure.self) { try DurableFile.read(path, limit: 9_999) }
    #expect(failure?.code == EFBIG)
  }
}

/// Its size says 0, as a file's that grows while it is read.
@Test func theBoundHoldsForAFileThatGrows() {
  let failure = #expect(throws: FileFailure.self) { try DurableFile.read("/proc/self/mountinfo", limit: 10) }
  #expect(failure?.code == EFBIG)
}

@Test func readingFollowsNoLinkAndWaitsForNoPipe() throws {
  try withTemporaryFolder { folder in
    #expect(symlink("/etc/hostname", "\(folder)/link") == 0)
    #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
    let link = #expect(throws: FileFailure.self) { try DurableFile.read("\(folder)/link", limit: 10) }
    #expect(link?.code == ELOOP)
    let pipe = #expect(throws: FileFailure.self) { try DurableFile.read("\(folder)/pipe", limit: 10) }
    #expect(pipe?.message.contains("no regular file") == true)
    #expect(throws: FileFailure.self) { try DurableFile.read(folder, limit: 10) }
  }
}

@Test func aRemovedFileIsGoneAndTheFolderSynced() throws {
  try withTemporaryFolder { folder in
    try DurableFile.replace("\(folder)/a", with: [1])
    let calls = FaultyFileCalls()
    #expect(try DurableFile.remove("\(folder)/a", calls: calls))
    #expect(calls.calls == [.openFolder, .unlink, .syncFolder, .close])
    #expect(try DurableFile.remove("\(folder)/a") == false)
    #expect(try DurableFile.remove("\(folder)/missing/a") == false)
    #expect(throws: FileFailure.self) { try DurableFile.remove(folder) }
  }
}

/// A removal whose fsync failed may be repeated: the second one syncs, although there is nothing to remove.
@Test func repeatingAFailedRemovalMakesItDurable() throws {
  try withTemporaryFolder { folder in
    try DurableFile.replace("\(folder)/a", with: [1])
    let calls = FaultyFileCalls(.init(number: 3, code: EIO))
    #expect(throws: FileFailure.self) { try DurableFile.remove("\(folder)/a", calls: calls) }
    let again = FaultyFileCalls()
    #expect(try DurableFile.remove("\(folder)/a", calls: again) == false)
    #expect(again.calls.contains(.syncFolder))
  }
}

@Test func movingSyncsBothFoldersTheNewOneFirst() throws {
  try withTemporaryFolder { folder in
    try DataFolder.createFolder("\(folder)/quarantine")
    try DurableFile.replace("\(folder)/state.db", with: [1, 2, 3])
    let calls = FaultyFileCalls()
    try DurableFile.moveDurably(from: "\(folder)/state.db", to: "\(folder)/quarantine/state.db", calls: calls)
    #expect(calls.calls.suffix(5) == [.rename, .syncFolder, .syncFolder, .close, .close])
    #expect(try DurableFile.read("\(folder)/quarantine/state.db", limit: 10) == [1, 2, 3])
    #expect(try names(in: folder) == ["quarantine"])
  }
}

@Test func movingReplacesNothing() throws {
  try withTemporaryFolder { folder in
    try DurableFile.replace("\(folder)/a", with: [1])
    try DurableFile.replace("\(folder)/b", with: [2])
    let failure = #expect(throws: FileFailure.self) {
      try DurableFile.moveDurably(from: "\(folder)/a", to: "\(folder)/b")
    }
    #expect(failure?.code == EEXIST)
    #expect(try DurableFile.read("\(folder)/b", limit: 10) == [2])
    #expect(throws: FileFailure.self) { try DurableFile.moveDurably(from: "\(folder)/none", to: "\(folder)/c") }
  }
}

@Test func leftoversGoAndEverythingElseStays() throws {
  try withTemporaryFolder { folder in
    try DurableFile.replace("\(folder)/.hidden", with: [1])
    try DurableFile.replace("\(folder)/.77-1.afterimage-tmp", with: [1])
    try DurableFile.replace("\(folder)/77-1.afterimage-tmp", with: [1])
    DurableFile.removeLeftovers(in: folder)
    #expect(try names(in: folder) == [".hidden", "77-1.afterimage-tmp"])
  }
}
