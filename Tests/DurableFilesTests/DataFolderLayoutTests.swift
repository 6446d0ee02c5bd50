import DurableFiles
import Testing

@Test func theNamesInADataFolderAreThoseThatScriptsKnow() {
  #expect(
    DataFolderLayout.listedNames == [
      "state.db", "state.db-wal", "state.db-shm", "head.json", "starts.json", "loss.json", "host.lock", "host.json",
    ])
  let layout = DataFolderLayout("/data")
  #expect(layout.database == "/data/state.db")
  #expect(layout.elsewhere == "/data/elsewhere.json")
  #expect(layout.incident("20251123T093600Z-damaged").log == "/data/quarantine/20251123T093600Z-damaged/state.db-wal")
  #expect(layout.quarantines.count == 9)
  #expect(layout.quarantines.prefix(2) == ["/data/quarantine", "/data/quarantine-2"])
}
