import DurableFiles
import GenerationStore
import PersistenceMessages
import Synchronization

/// The recorded loss of the running host. Health reads it at any time; threads that may wait for the disk write it.
final class LossBook: Sendable {
  private struct Notes {
    var record: LossRecord?
    /// Whether the file still holds an earlier one.
    var isUnwritten = false
  }

  private let file: LossFile
  let rungs: [ProgramRung]
  private let notes: Mutex<Notes>
  /// Held while the file is written, so that the last one written is the newest.
  private let writing = Mutex(())

  /// - Parameter rungs: ``SessionProgram/rungs``.
  init(folder: String, rungs: [ProgramRung]) {
    self.rungs = rungs
    file = LossFile(folder: folder)
    notes = Mutex(Notes(record: file.read()))
  }

  /// The record, whether acknowledged or not.
  var record: LossRecord? { notes.withLock { $0.record } }

  /// The loss to announce; nil if there is none.
  var open: LossRecord? { record.flatMap { $0.isOpen ? $0 : nil } }

  /// Records the loss of this start, before the recovered show can be stored.
  ///
  /// - Throws: if it could not be written; it is remembered in memory, and ``writePending()`` tries again.
  func add(_ found: LossRecord?) throws(FileFailure) {
    guard found != nil else { return }
    set(LossRecord.after(start: found, recorded: record, rungs: rungs))
    try writePending()
  }

  /// Updates the record, for example its command after a search that ended later.
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

  /// - Returns: the acknowledged loss; nil if there was none.
  /// - Throws: if the acknowledgement is not certain to be on disk. The loss is not acknowledged then.
  func acknowledge(at now: String) throws(FileFailure) -> LossRecord? {
    try writing.withLock { (_) throws(FileFailure) in
      guard let open else { return nil }
      let record = open.acknowledged(at: now)
      try file.write(record)
      notes.withLock { $0 = Notes(record: record) }
      return record
    }
  }

  /// Records properties of the newest stored state.
  func noteStored(isBlank: @autoclosure () -> Bool, at now: @autoclosure () -> String) {
    guard let record, record.blank != nil, record.isOpen, !isBlank(),
      let shown = record.afterShowing(at: now(), rungs: rungs)
    else { return }
    set(shown)
  }

  /// Records that a generation was marked as proven.
  func noteProven() {
    guard let proven = record?.afterProof() else { return }
    set(proven)
  }
}
