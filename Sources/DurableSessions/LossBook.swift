import DurableFiles
import GenerationStore
import PersistenceMessages
import Synchronization

/// The recorded loss of the running host: read by health at any time, written by whoever may wait for the disk.
final class LossBook: Sendable {
  private struct Notes {
    var record: LossRecord?
    /// Whether the file still holds an earlier one.
    var isUnwritten = false
  }

  private let file: LossFile
  private let notes: Mutex<Notes>
  /// Held while the file is written, so that the last one written is the newest.
  private let writing = Mutex(())

  init(folder: String) {
    file = LossFile(folder: folder)
    notes = Mutex(Notes(record: file.read()))
  }

  /// Acknowledged ones too.
  var record: LossRecord? { notes.withLock { $0.record } }

  /// What is to be announced; nil when nothing is.
  var open: LossRecord? { record.flatMap { $0.isOpen ? $0 : nil } }

  /// Notes what this start lost, before the recovered show can be stored.
  ///
  /// - Throws: when it is not in the file; it is remembered all the same, and ``writePending()`` tries again.
  func add(_ found: LossRecord?) throws(FileFailure) {
    guard found != nil else { return }
    set(LossRecord.after(start: found, recorded: record))
    try writePending()
  }

  /// The text of the command may have become better, as after a search that ended later.
  func change(_ body: @Sendable (LossRecord) -> LossRecord) {
    guard let record else { return }
    set(body(record))
  }

  private func set(_ record: LossRecord?) {
    notes.withLock { $0 = Notes(record: record, isUnwritten: true) }
  }

  var isUnwritten: Bool { notes.withLock { $0.isUnwritten } }

  func writePending() throws(FileFailure) {
    try writing.withLock { (_) throws(FileFailure) in
      guard let record = notes.withLock({ $0.isUnwritten ? $0.record : nil }) else { return }
      try file.write(record)
      notes.withLock { if $0.record == record { $0.isUnwritten = false } }
    }
  }

  /// - Returns: what was acknowledged; nil when there was nothing to.
  /// - Throws: when that is not certain to outlast the host. Then it is not acknowledged.
  func acknowledge(at now: String) throws(FileFailure) -> LossRecord? {
    try writing.withLock { (_) throws(FileFailure) in
      guard let open else { return nil }
      let record = open.acknowledged(at: now)
      try file.write(record)
      notes.withLock { $0 = Notes(record: record) }
      return record
    }
  }

  /// Notes what was stored last.
  func noteStored(isBlank: @autoclosure () -> Bool, at now: @autoclosure () -> String) {
    guard let record, record.darkness != nil, record.isOpen, !isBlank(), let lit = record.afterLight(at: now())
    else { return }
    set(lit)
  }

  /// Notes that a generation was marked as proven.
  func noteProven() {
    guard let proven = record?.afterProof() else { return }
    set(proven)
  }
}
