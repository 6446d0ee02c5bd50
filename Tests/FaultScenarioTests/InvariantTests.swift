import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// An invariant of the database or the worker is broken: a bug, or a change of the database by another program.

@Test(.timeLimit(.minutes(3)), .needs(["sqlite3"]))
func aBrokenInvariantStopsStoringAndTheShowRunsOnAndCanBeExported() async throws {
  try await withStudio { studio in
    let sql = "CREATE TRIGGER broken BEFORE INSERT ON generation BEGIN SELECT RAISE(ABORT, 'no more'); END"
    try await studio.place.run(["sqlite3", studio.place.database, sql])
    try await studio.showGoesOn()
    let health = try await studio.saysUnsaved("invariant")
    #expect(health["state"] == "failing")
    try await studio.showGoesOn()
    let export = try await studio.client.json("GET", "/export")
    #expect(export.status == 200)
    let plasma = export.json["layers"]?.arrayValue?.first { $0["id"] == "plasma" }
    #expect(plasma?["parameters"]?["mix"] == studio.mix)
    studio.host.kill(SIGTERM)
    #expect(await studio.host.wait() == 74)
    let stopped = try await studio.host.first("host.stopped")
    #expect((stopped["unsaved"]?.intValue ?? 0) > 0)

    // What was exported is stored elsewhere, and is the show.
    let file = "\(studio.place.dataFolder)-export.json"
    try Data(CanonicalJSON.encode(export.json)).write(to: URL(fileURLWithPath: file))
    let other = Place(dataFolder: studio.place.dataFolder + "-other")
    try await Program.run(["\(HostProcess.binaries)/afterimage", "--data-dir", other.dataFolder, "import", file])
    #expect(try await other.storedMix() == studio.mix)
  }
}
