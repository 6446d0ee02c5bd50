import DurableFiles
import PersistenceMessages
import TestVFS
import Testing

@testable import GenerationStore

/// The kernel takes the pages of a failed sync for written: whatever it shows of the log must be written once more before
/// anything is built on it, and the old log must stay what it is until that is on disk.
@Test func afterAFailedSyncTheLogIsCopiedBeforeAnythingIsBuiltOnIt() throws {
  let fixture = try StoreFixture()
  let recorder = DiskRecorder()
  let vfs = ObservedVFS { recorder.observe($0) }
  fixture.options.vfs = vfs.name
  fixture.options.replaceFile = { path, bytes in
    _ = recorder.replace("state.db-wal", with: bytes, .renamed)
    return Result { () throws(FileFailure) in try DurableFile.replace(path, with: bytes) }
  }
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 3))
  recorder.failSync()
  #expect(throws: StoreFailure.self) { try store.put(state.setting("layer-1", mix: 0.9), 4) }
  let failed = recorder.count
  let log = try #require(try DurableFile.read("\(fixture.database)-wal", limit: 1 << 20))
  #expect(try store.put(state.setting("layer-1", mix: 0.9), 4).generation == 4)

  var copied: [UInt8] = []
  for event in recorder.events.dropFirst(failed) {
    switch event {
    case .write(".afterimage-tmp", let offset, let bytes) where offset == copied.count: copied += bytes
    case .syncFolder:
      #expect(copied == log)
      return
    case .write("state.db", _, _), .write("state.db-wal", _, _):
      Issue.record("\(event) before the log was copied and the folder synced")
    default: break
    }
  }
  Issue.record("the log was not copied")
}
