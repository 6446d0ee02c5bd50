import Foundation
import HostClient
import HostHarness
import StudioState
import Testing

// The database's files are moved, deleted or replaced under a running host.

/// What is done to the data folder. Words are those of a shell; `$D` is the folder, `$A` is beside it.
struct Meddling: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var script: String
  /// Files that the host must not write into any more.
  var abandoned: [String] = []

  static let all = [
    Meddling(
      testDescription: "database renamed", script: "mv $D/state.db $D/renamed.db", abandoned: ["$D/renamed.db"]),
    Meddling(testDescription: "database deleted", script: "rm $D/state.db"),
    Meddling(
      testDescription: "database and log renamed",
      script: "mkdir $A; mv $D/state.db $D/state.db-wal $A; mv $D/state.db-shm $A || true",
      abandoned: ["$A/state.db", "$A/state.db-wal"]),
    Meddling(
      testDescription: "database replaced by an older one",
      script: "mkdir $A; mv $D/state.db $A/state.db; cp $SHOW $D/state.db", abandoned: ["$A/state.db"]),
    Meddling(
      testDescription: "database and log replaced by an older one",
      script: "mkdir $A; mv $D/state.db $D/state.db-wal $D/state.db-shm $A; cp $SHOW $D/state.db",
      abandoned: ["$A/state.db", "$A/state.db-wal"]),
    Meddling(
      testDescription: "database replaced by a foreign one",
      script: "rm $D/state.db*; sqlite3 $D/state.db 'CREATE TABLE other(x)'"),
    Meddling(
      testDescription: "database replaced by garbage",
      script: "rm $D/state.db*; head -c 5000 /dev/urandom > $D/state.db"),
    Meddling(testDescription: "database cut off", script: ": > $D/state.db"),
    Meddling(testDescription: "database cut in half", script: "truncate -s 10240 $D/state.db"),
    Meddling(testDescription: "log cut off", script: ": > $D/state.db-wal"),
    Meddling(
      testDescription: "log renamed", script: "mv $D/state.db-wal $D/renamed-wal", abandoned: ["$D/renamed-wal"]),
    Meddling(testDescription: "log deleted", script: "rm $D/state.db-wal"),
    Meddling(testDescription: "shared memory deleted", script: "rm $D/state.db-shm"),
    Meddling(testDescription: "folder renamed", script: "mv $D $A", abandoned: ["$A/state.db", "$A/state.db-wal"]),
    Meddling(testDescription: "folder deleted", script: "rm -rf $D"),
    Meddling(
      testDescription: "folder replaced by another show's", script: "mv $D $A; mkdir -m 700 $D; cp $SHOW $D/state.db",
      abandoned: ["$A/state.db", "$A/state.db-wal"]),
  ]

  private func words(_ text: String, _ place: Place) throws -> String {
    text.replacing("$SHOW", with: try SmallShow.database.get())
      .replacing("$D", with: place.dataFolder).replacing("$A", with: "\(place.dataFolder)-aside")
  }

  func apply(to place: Place) async throws {
    try await Program.run(["bash", "-c", "set -e; " + words(script, place)])
  }

  /// The contents of what was moved away, to compare.
  func abandonedContents(_ place: Place) throws -> [Data] {
    try abandoned.map { try Data(contentsOf: URL(fileURLWithPath: words($0, place))) }
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["bash", "sqlite3"]), arguments: Meddling.all)
func filesThatAreMeddledWithAreNoticedAlsoWhenIdle(_ meddling: Meddling) async throws {
  try await withStudio { studio in
    try await meddling.apply(to: studio.place)
    try await eventually("a notice") {
      studio.notices.contains { $0.contains("the newest stored state goes into") }
    }
    let abandoned = try meddling.abandonedContents(studio.place)
    // The newest state is stored again without a change of the show.
    try await eventually("the newest state in the database at its place") {
      (try? await studio.place.storedMix()) == studio.mix
    }
    try await studio.showGoesOn()
    try await studio.isStored()
    #expect(try meddling.abandonedContents(studio.place) == abandoned)
    try await studio.everythingIsOnDisk()
  }
}

// A log that is cut off in the middle of a store is as long as before when the store ends, and can't be noticed.
@Test(
  .timeLimit(.minutes(3)), .needs(["bash", "sqlite3"]),
  arguments: Meddling.all.filter { $0.testDescription != "log cut off" })
func filesThatAreMeddledWithWhileStoringAreNoticed(_ meddling: Meddling) async throws {
  try await withStudio { studio in
    let told = studio.host.lines("host.notice").count
    try await studio.change()
    try await meddling.apply(to: studio.place)
    try await eventually("a notice or a failure") {
      try await studio.change()
      return studio.host.lines("host.notice").count > told || !studio.host.lines("persistence.failed").isEmpty
    }
    let abandoned = try meddling.abandonedContents(studio.place)
    try await studio.showGoesOn()
    try await studio.isStored()
    #expect(try meddling.abandonedContents(studio.place) == abandoned)
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["bash", "sqlite3"]))
func aFolderThatWasMadeAnewStillBelongsToTheHost() async throws {
  try await withStudio { studio in
    try await Program.run(["mv", studio.place.dataFolder, studio.place.dataFolder + "-aside"])
    try await eventually("the newest state in a new folder") { (try? await studio.place.storedMix()) == studio.mix }
    // It is found there, and nobody else may use the folder.
    let record = try await studio.place.run(["cat", "\(studio.place.dataFolder)/host.json"])
    #expect(record.contains(studio.client.address), "\(record)")
    let second = try HostProcess(dataFolder: studio.place.dataFolder)
    try await eventually("the end of a second host") { !second.process.isRunning }
    #expect(await second.wait() == 75)
    try await studio.everythingIsOnDisk()
  }
}
