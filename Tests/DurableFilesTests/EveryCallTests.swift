import Glibc
import Testing

@testable import DurableFiles

// The nth call fails, once or permanently, until a run completes without a fault. ReplacementTests has the single
// failures of a replacement; this file has the others.

private let old = Array("the old content".utf8)
private let new = Array("the new content, which is longer".utf8)
private let codes = [EIO, ENOSPC, EDQUOT, EROFS, EACCES]

/// Runs `body` with a fault in the first, second, third … call; it returns what the operation threw.
private func withEveryFault(
  _ code: Int32, isSticky: Bool, _ body: (String, FaultyFileCalls) throws -> FileFailure?
) throws {
  for number in 1...100 {
    let calls = FaultyFileCalls(.init(number: number, code: code, isSticky: isSticky), writeSize: 10)
    let failure = try withTemporaryFolder { folder in try body(folder, calls) }
    #expect(calls.openDescriptors == 0, "no descriptor is left")
    guard let faulty = calls.faultyCall else {
      #expect(failure == nil && number > 3)
      return
    }
    // The close of a folder that was only read through has nothing to report.
    if faulty == .close, failure == nil { continue }
    #expect(failure?.code == code, "\(faulty)")
    #expect(failure?.call == faulty.rawValue)
    #expect(failure?.remedy.isEmpty == false)
  }
  Issue.record("no run passed without the fault")
}

private func problem(of body: () throws(FileFailure) -> Void) -> FileFailure? {
  do throws(FileFailure) {
    try body()
    return nil
  } catch {
    return error
  }
}

@Test(arguments: codes)
func aReplacementOnADiskThatFailsForGoodLeavesOldOrNewContentWhole(code: Int32) throws {
  try withEveryFault(code, isSticky: true) { folder, calls in
    let path = "\(folder)/show.json"
    try DurableFile.replace(path, with: old)
    let failure = problem { () throws(FileFailure) in try DurableFile.replace(path, with: new, calls: calls) }
    let isNew = failure == nil || failure?.call == FileCall.syncFolder.rawValue
    #expect(try DurableFile.read(path, limit: 100) == (isNew ? new : old))
    DurableFile.removeLeftovers(in: folder)
    #expect(try names(in: folder) == ["show.json"])
    return failure
  }
}

/// Without an old file there is none afterwards, or the new one whole.
@Test(arguments: codes, [false, true])
func aFirstSaveThatFailsLeavesNothingOrTheWholeFile(code: Int32, isSticky: Bool) throws {
  try withEveryFault(code, isSticky: isSticky) { folder, calls in
    let path = "\(folder)/show.json"
    let failure = problem { () throws(FileFailure) in try DurableFile.replace(path, with: new, calls: calls) }
    let isThere = failure == nil || failure?.call == FileCall.syncFolder.rawValue
    let content = try DurableFile.read(path, limit: 100)
    #expect(content == (isThere ? new : nil))
    DurableFile.removeLeftovers(in: folder)
    let left = try names(in: folder)
    #expect(left == (isThere ? ["show.json"] : []))
    return failure
  }
}

/// After a failed save the next attempt succeeds, whichever call failed.
@Test(arguments: codes)
func aSaveIsRepeatedWithSuccessOnceTheCauseIsGone(code: Int32) throws {
  try withEveryFault(code, isSticky: true) { folder, calls in
    let path = "\(folder)/show.json"
    try DurableFile.replace(path, with: old)
    let failure = problem { () throws(FileFailure) in try DurableFile.replace(path, with: new, calls: calls) }
    try DurableFile.replace(path, with: new)
    #expect(try DurableFile.read(path, limit: 100) == new)
    return failure
  }
}

@Test(arguments: codes, [false, true])
func aRemovalThatFailsLeavesTheWholeFileOrNone(code: Int32, isSticky: Bool) throws {
  try withEveryFault(code, isSticky: isSticky) { folder, calls in
    let path = "\(folder)/show.json"
    try DurableFile.replace(path, with: old)
    let failure = problem { () throws(FileFailure) in _ = try DurableFile.remove(path, calls: calls) }
    let isGone = failure == nil || failure?.call == FileCall.syncFolder.rawValue
    #expect(try DurableFile.read(path, limit: 100) == (isGone ? nil : old))
    return failure
  }
}

@Test(arguments: codes, [false, true])
func aMoveThatFailsLeavesTheWholeFileAtOnePlace(code: Int32, isSticky: Bool) throws {
  try withEveryFault(code, isSticky: isSticky) { folder, calls in
    try DataFolder.createFolder("\(folder)/quarantine")
    let (path, newPath) = ("\(folder)/state.db", "\(folder)/quarantine/state.db")
    try DurableFile.replace(path, with: old)
    let failure = problem { () throws(FileFailure) in
      try DurableFile.moveDurably(from: path, to: newPath, calls: calls)
    }
    let isMoved = failure == nil || failure?.call == FileCall.syncFolder.rawValue
    #expect(try DurableFile.read(path, limit: 100) == (isMoved ? nil : old))
    #expect(try DurableFile.read(newPath, limit: 100) == (isMoved ? old : nil))
    return failure
  }
}

/// A signal interrupts a call: a write goes on, everything else is reported, and nothing is torn.
@Test func anInterruptedCallIsContinuedOrReported() throws {
  for number in 1...100 {
    let calls = FaultyFileCalls(.init(number: number, code: EINTR), writeSize: 10)
    let isThrough = try withTemporaryFolder { folder in
      let path = "\(folder)/show.json"
      try DurableFile.replace(path, with: old)
      let failure = problem { () throws(FileFailure) in try DurableFile.replace(path, with: new, calls: calls) }
      let isNew = failure == nil || failure?.call == FileCall.syncFolder.rawValue
      #expect(try DurableFile.read(path, limit: 100) == (isNew ? new : old))
      if calls.faultyCall == .write { #expect(failure == nil) }
      return calls.faultyCall == nil
    }
    if isThrough { return }
  }
  Issue.record("no run passed without the fault")
}
