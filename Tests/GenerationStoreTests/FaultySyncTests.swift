import DurableFiles
import PersistenceMessages
import TestVFS
import Testing

@testable import GenerationStore

/// The kernel takes the pages of a failed sync for written: whatever it shows of the log must be written anew before it
/// is trusted, or a crash while the log is moved mixes two generations.
@Test func afterAFailedSyncTheLogIsWrittenAnewBeforeItIsMoved() throws {
  let fixture = try StoreFixture()
  let recorder = DiskRecorder()
  let vfs = ObservedVFS { recorder.observe($0) }
  fixture.options.vfs = vfs.name
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 3))
  recorder.failSync()
  #expect(throws: StoreFailure.self) { try store.put(state.setting("layer-1", mix: 0.9), 4) }
  let failed = recorder.count
  let size = try #require(DatabaseFiles.size(of: "\(fixture.database)-wal"))
  #expect(try store.put(state.setting("layer-1", mix: 0.9), 4).generation == 4)

  var rewritten = 0
  for event in recorder.events.dropFirst(failed) {
    switch event {
    case .write("state.db-wal", let offset, let bytes) where offset == rewritten: rewritten += bytes.count
    case .sync("state.db-wal", _) where Int64(rewritten) == size: return
    case .write("state.db", _, _): Issue.record("the database was written with \(rewritten) bytes of the log rewritten")
    default: break
    }
  }
  Issue.record("the log was not written anew")
}
