import Glibc
import Testing

@testable import DurableFiles

private let old = Array("the old content".utf8)
private let new = Array("the new content, which is longer".utf8)

@Test func replacedFileHoldsTheNewContentAndNothingElseIsLeft() throws {
  try withTemporaryFolder { folder in
    let path = "\(folder)/show.json"
    try DurableFile.replace(path, with: old)
    try DurableFile.replace(path, with: new)
    #expect(try DurableFile.read(path, limit: 100) == new)
    #expect(try names(in: folder) == ["show.json"])
    #expect(permissions(of: path) == 0o600)
  }
}

@Test func contentIsSyncedBeforeTheRenameAndTheFolderAfterIt() throws {
  try withTemporaryFolder { folder in
    let calls = FaultyFileCalls()
    try DurableFile.replace("\(folder)/a", with: new, calls: calls)
    #expect(calls.calls == [.openFolder, .create, .setMode, .write, .sync, .close, .rename, .syncFolder, .close])
    #expect(calls.openDescriptors == 0)
  }
}

/// Every call of a replacement fails once, with each of the errors that disks and administrators cause.
@Test(arguments: [EIO, ENOSPC, EDQUOT, EROFS, EACCES, EPERM, EFBIG, EMFILE, ENOENT])
func whicheverCallFailsTheFileIsOldOrNewAndWhole(code: Int32) throws {
  for number in 1...100 {
    let calls = FaultyFileCalls(.init(number: number, code: code), writeSize: 10)
    let isThrough = try withTemporaryFolder { folder in try replaceOnce(in: folder, calls, code) }
    if isThrough {
      #expect(number > 9, "the loop reached every call")
      return
    }
  }
  Issue.record("a replacement never ended without a fault")
}

/// True when the operation made fewer calls than the fault's number.
private func replaceOnce(in folder: String, _ calls: FaultyFileCalls, _ code: Int32) throws -> Bool {
  let path = "\(folder)/show.json"
  try DurableFile.replace(path, with: old)
  var failure: FileFailure?
  do {
    try DurableFile.replace(path, with: new, calls: calls)
  } catch {
    failure = error
  }
  let content = try DurableFile.read(path, limit: 1000)
  #expect(try names(in: folder) == ["show.json"], "no temporary file is left")
  #expect(calls.openDescriptors == 0, "no descriptor is left")
  guard let faulty = calls.faultyCall else {
    #expect(failure == nil && content == new)
    return true
  }
  guard let failure else {
    // The folder's descriptor was only read through: its close has nothing to report.
    #expect(faulty == .close && calls.calls.last == .close && content == new)
    return false
  }
  #expect(content == (faulty == .syncFolder ? new : old))
  #expect(failure.code == code)
  #expect(failure.call == faulty.rawValue)
  #expect(failure.message.contains(path) && failure.message.contains(faulty.rawValue))
  return false
}

@Test func aDiskThatFailsForGoodLeavesOldOrNewContent() throws {
  for number in 1...11 {
    try withTemporaryFolder { folder in
      let path = "\(folder)/show.json"
      try DurableFile.replace(path, with: old)
      let calls = FaultyFileCalls(.init(number: number, code: EIO, isSticky: true), writeSize: 10)
      let failure = #expect(throws: FileFailure.self) { try DurableFile.replace(path, with: new, calls: calls) }
      let content = try DurableFile.read(path, limit: 1000)
      #expect(content == (failure?.call == FileCall.syncFolder.rawValue ? new : old))
      // What could not be removed goes at the next start.
      DurableFile.removeLeftovers(in: folder)
      #expect(try names(in: folder) == ["show.json"])
    }
  }
}

@Test func interruptedAndShortWritesAreContinued() throws {
  for number in 4...8 {
    try withTemporaryFolder { folder in
      let calls = FaultyFileCalls(.init(number: number, code: EINTR), writeSize: 7)
      try DurableFile.replace("\(folder)/a", with: new, calls: calls)
      #expect(calls.faultyCall == .write)
      #expect(try DurableFile.read("\(folder)/a", limit: 100) == new)
    }
  }
}

@Test func aFailedSyncIsNotRepeated() throws {
  try withTemporaryFolder { folder in
    let calls = FaultyFileCalls(.init(number: 5, code: EIO))
    #expect(throws: FileFailure.self) { try DurableFile.replace("\(folder)/a", with: new, calls: calls) }
    let left = try names(in: folder)
    #expect(calls.calls.filter { $0 == .sync }.count == 1)
    #expect(left == [])
  }
}

@Test func aLinkInTheFilesPlaceIsReplacedAndItsTargetKept() throws {
  try withTemporaryFolder { folder in
    try DurableFile.replace("\(folder)/target", with: old)
    #expect(symlink("target", "\(folder)/link") == 0)
    try DurableFile.replace("\(folder)/link", with: new)
    #expect(try DurableFile.read("\(folder)/target", limit: 100) == old)
    #expect(try DurableFile.read("\(folder)/link", limit: 100) == new)
  }
}

@Test func aMissingFolderIsNamedWithARemedy() throws {
  let failure = #expect(throws: FileFailure.self) {
    try DurableFile.replace("/tmp/afterimage-no-such-folder/a", with: [])
  }
  #expect(failure?.code == ENOENT)
  #expect(failure?.description.contains("/tmp/afterimage-no-such-folder/a") == true)
  #expect(failure?.remedy.contains("Create the folder") == true)
}

@Test(arguments: ["", "/", "/tmp/", "/tmp/.", "..", "/tmp/a\0b"])
func aPathThatNamesNoFileIsRefused(path: String) {
  let failure = #expect(throws: FileFailure.self) { try DurableFile.replace(path, with: []) }
  #expect(failure?.code == EINVAL)
}
