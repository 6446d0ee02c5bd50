import Glibc
import Testing

@testable import DurableFiles

@Test func oneHolderAtATimeAndTheOtherIsToldWho() throws {
  try withTemporaryFolder { folder in
    let lock = try FolderLock(folder: folder, program: "afterimage-host")
    let problem = #expect(throws: FolderLockFailure.self) { try FolderLock(folder: folder, program: "afterimage") }
    #expect(problem == .held(by: .init(pid: getpid(), program: "afterimage-host"), folder: folder))
    #expect(problem?.description.contains("afterimage-host (process \(getpid()))") == true)
    #expect(permissions(of: "\(folder)/host.lock") == 0o600)

    lock.release()
    lock.release()
    let next = try FolderLock(folder: folder, program: "afterimage")
    #expect(FolderLock.holder(in: "\(folder)/host.lock").program == "afterimage")
    next.release()
  }
}

@Test func aLockWhoseFileWasMovedIsTakenAgain() throws {
  try withTemporaryFolder { folder in
    let lock = try FolderLock(folder: folder, program: "host")
    #expect(lock.isInPlace)
    #expect(rename("\(folder)/host.lock", "\(folder)/moved.lock") == 0)
    #expect(!lock.isInPlace)
    do {
      let other = try FolderLock(folder: folder, program: "other")
      #expect(throws: FolderLockFailure.self) { try lock.takeAgain() }
      other.release()
    }
    try lock.takeAgain()
    #expect(lock.isInPlace)
    #expect(throws: FolderLockFailure.self) { try FolderLock(folder: folder, program: "other") }
    lock.release()
  }
}

@Test func theLockGoesWithItsHolder() throws {
  try withTemporaryFolder { folder in
    do { _ = try FolderLock(folder: folder, program: "first") }
    do { _ = try FolderLock(folder: folder, program: "second") }
  }
}

@Test func readingTheLockFileDoesNotLoseTheLock() throws {
  try withTemporaryFolder { folder in
    let lock = try FolderLock(folder: folder, program: "host")
    _ = try DurableFile.read("\(folder)/host.lock", limit: 100)
    #expect(throws: FolderLockFailure.self) { try FolderLock(folder: folder, program: "tool") }
    lock.release()
  }
}

@Test func aLinkInTheLocksPlaceIsRefused() throws {
  try withTemporaryFolder { folder in
    #expect(symlink("elsewhere", "\(folder)/host.lock") == 0)
    let problem = #expect(throws: FolderLockFailure.self) { try FolderLock(folder: folder, program: "host") }
    guard case .file(let failure) = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
    #expect(failure.code == ELOOP)
  }
}

@Test func aMissingFolderIsAFailureAndNotAHolder() {
  let problem = #expect(throws: FolderLockFailure.self) {
    try FolderLock(folder: "/tmp/afterimage-none", program: "host")
  }
  #expect(problem?.description.contains("/tmp/afterimage-none/host.lock") == true)
}

@Test(arguments: ["", "garbage", "12\n"])
func aStrangeLockFileNamesNobodyInParticular(content: String) throws {
  try withTemporaryFolder { folder in
    try DurableFile.replace("\(folder)/host.lock", with: Array(content.utf8))
    #expect(FolderLock.holder(in: "\(folder)/host.lock").description.hasPrefix("another program"))
  }
}
