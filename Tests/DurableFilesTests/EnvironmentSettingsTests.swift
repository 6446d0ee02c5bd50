import DurableFiles
import Testing

// One row a case: the flag, the environment, and the folder that both host and tool use.
private let rows: [(flag: String?, environment: [String: String], folder: String)] = [
  (nil, [:], "./afterimage-data"),
  ("/flag", ["AFTERIMAGE_DATA_DIR": "/variable", "STATE_DIRECTORY": "/state"], "/flag"),
  (nil, ["AFTERIMAGE_DATA_DIR": "/variable", "STATE_DIRECTORY": "/state"], "/variable"),
  (nil, ["AFTERIMAGE_DATA_DIR": "", "STATE_DIRECTORY": "/state"], "/state"),
  (nil, ["STATE_DIRECTORY": "/a:/b"], "/a"),
  (nil, ["STATE_DIRECTORY": ""], "./afterimage-data"),
]

@Test(arguments: rows.indices)
func theDataFolderIsChosenByFlagThenVariableThenSystemd(row: Int) {
  let (flag, environment, folder) = rows[row]
  #expect(EnvironmentSettings { environment[$0] }.dataFolder(flag) == folder)
}

@Test func anEmptyFallbackFolderIsNone() {
  #expect(EnvironmentSettings { _ in "" }.fallbackFolder(nil) == nil)
  #expect(EnvironmentSettings { $0 == "AFTERIMAGE_FALLBACK_DIR" ? "/b" : nil }.fallbackFolder(nil) == "/b")
}
