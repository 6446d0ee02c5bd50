import Documents
import StudioState
import Testing

@testable import RecoveryWorkbench

@Test(arguments: [
  ("3.6.23", false), ("3.7.0", true), ("3.40.1", true), ("3.44.5", true), ("3.44.6", false), ("3.50.6", true),
  ("3.50.7", false), ("3.51.0", true), ("3.51.2", true), ("3.51.3", false), ("3.52.0", false),
])
func versionsWithTheWALResetBugAreKnown(text: String, hasBug: Bool) throws {
  #expect(try #require(SQLiteVersion(text)).hasWALResetBug == hasBug)
}

@Test func theRunningSQLiteTellsItsVersion() throws {
  #expect(try #require(SQLiteVersion.running) > SQLiteVersion(3, 7, 0))
}

@Test func textFromOutsideCommandsNoTerminal() {
  #expect(TextTable.printable("a\u{1B}[31mb\n\u{9B}c é") == "a\u{FFFD}[31mb\u{FFFD}\u{FFFD}c é")
}

@Test(
  arguments: [
    (200, "", 74), (404, "notFound", 66), (409, "damaged", 1), (409, "duplicate", 64), (503, "busy", 75), (504, "", 75),
    (403, "readOnly", 77), (500, "", 74),
  ] as [(Int, String, Int32)])
func refusalsOfTheHostHaveTheirExitCodes(status: Int, code: String, exit: Int32) {
  let failure = RunningHost.failure(status, ["error": ["code": .string(code), "message": "words"]])
  #expect(failure.exit.rawValue == exit)
}
