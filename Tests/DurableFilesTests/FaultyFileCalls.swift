import Glibc
import Synchronization
import Testing

@testable import DurableFiles

/// The real calls, of which one, or all from one on, fail with an error number. Failing calls do nothing, except that
/// a failing `close` closes, as the system's does.
final class FaultyFileCalls: FileCalls, Sendable {
  struct Fault: Sendable, CustomTestStringConvertible {
    /// Counts calls of the operation from 1.
    var number: Int
    var code: Int32
    var isSticky = false

    var testDescription: String { "call \(number)\(isSticky ? " and all later" : "") fails with \(code)" }
  }

  private let real = SystemFileCalls()
  private let fault: Fault?
  /// Bytes that one write takes at most.
  private let writeSize: Int
  private let made = Mutex<[FileCall]>([])
  private let open = Mutex<Set<Int32>>([])
  private let failed = Mutex<[FileCall]>([])

  init(_ fault: Fault? = nil, writeSize: Int = .max) {
    self.fault = fault
    self.writeSize = writeSize
  }

  var calls: [FileCall] { made.withLock { $0 } }
  /// The call that the fault hit first; nil when the operation makes fewer calls.
  var faultyCall: FileCall? { failed.withLock { $0.first } }
  var openDescriptors: Int { open.withLock { $0.count } }

  private func count(_ call: FileCall) throws(CallFailure) {
    let number = made.withLock { made in
      made.append(call)
      return made.count
    }
    guard let fault, number == fault.number || fault.isSticky && number > fault.number else { return }
    failed.withLock { $0.append(call) }
    throw CallFailure(call: call, code: fault.code)
  }

  func openFolder(_ path: String) throws(CallFailure) -> Int32 {
    try count(.openFolder)
    return opened(try real.openFolder(path))
  }

  func create(_ name: String, in folder: Int32) throws(CallFailure) -> Int32 {
    try count(.create)
    return opened(try real.create(name, in: folder))
  }

  private func opened(_ descriptor: Int32) -> Int32 {
    open.withLock { _ = $0.insert(descriptor) }
    return descriptor
  }

  func setMode(_ file: Int32, _ mode: mode_t) throws(CallFailure) {
    try count(.setMode)
    try real.setMode(file, mode)
  }

  func write(_ file: Int32, _ bytes: ArraySlice<UInt8>) throws(CallFailure) -> Int {
    try count(.write)
    return try real.write(file, bytes.prefix(writeSize))
  }

  func sync(_ file: Int32) throws(CallFailure) {
    try count(.sync)
    try real.sync(file)
  }

  func close(_ file: Int32) throws(CallFailure) {
    open.withLock { _ = $0.remove(file) }
    try real.close(file)
    try count(.close)
  }

  func exists(_ name: String, in folder: Int32) throws(CallFailure) -> Bool {
    try count(.exists)
    return try real.exists(name, in: folder)
  }

  func rename(_ name: String, in folder: Int32, to newName: String, in newFolder: Int32) throws(CallFailure) {
    try count(.rename)
    try real.rename(name, in: folder, to: newName, in: newFolder)
  }

  func syncFolder(_ folder: Int32) throws(CallFailure) {
    try count(.syncFolder)
    try real.syncFolder(folder)
  }

  func unlink(_ name: String, in folder: Int32) throws(CallFailure) {
    try count(.unlink)
    try real.unlink(name, in: folder)
  }
}
