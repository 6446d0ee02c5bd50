import Foundation
import HostHarness
import StudioState
import Testing

// The wall clock jumps, and the machine sleeps.

/// The library that gives a process a wall clock of the test's; nil when it is not installed.
private func fakeClockLibrary() -> String? {
  let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
  return folders.map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
    .first { FileManager.default.fileExists(atPath: $0) }
}

@Test(
  .timeLimit(.minutes(3)), .needs(["sqlite3"]),
  .enabled(if: fakeClockLibrary() != nil, "faketime is not installed"))
func aWallClockThatJumpsAnHourMovesLabelsAndNothingElse() async throws {
  let library = try #require(fakeClockLibrary())
  try await withScenario { place in
    try await place.putShow()
    let clock = "\(place.dataFolder)-clock"
    func setClock(_ offset: String) throws { try Data("\(offset)\n".utf8).write(to: URL(fileURLWithPath: clock)) }
    try setClock("+0")
    let studio = try await Studio(
      place,
      environment: [
        "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1",
      ])
    try await studio.storeOneChange()
    for offset in ["+3600", "-3600", "+0"] {
      try setClock(offset)
      // Without a flush: debounce and delay must not be held up.
      try await studio.showGoesOn()
      try await studio.isStored()
    }
    let rows = try await place.run([
      "sqlite3", "-readonly", place.database,
      "SELECT generation, CAST(round((stored_at_unix_ms - 1000 * unixepoch()) / 3600000.0) AS INTEGER) FROM generation",
    ])
    let hours = rows.split(separator: "\n").compactMap { Int($0.split(separator: "|")[1]) }
    #expect(Set(hours) == [0, 1, -1], "\(rows)")
    #expect(studio.host.lines("persistence.failed").isEmpty)
    try await studio.everythingIsOnDisk()
  }
}

/// A wait until a moment of the wall clock lasts an hour longer when that clock is set back an hour.
@Test(.timeLimit(.minutes(3)), .needs(["strace", "timeout"]), arguments: ["persistence", "journal"])
func noThreadWaitsByTheWallClock(thread: String) async throws {
  try await withStudio { studio in
    let calls = try await SystemCalls.seen(["futex", "poll", "ppoll", "clock_nanosleep"], of: thread, in: studio.host)
    #expect(calls.count > 5, "\(calls)")
    #expect(calls.filter { $0.contains("CLOCK_REALTIME") && $0.contains("tv_sec") } == [])
    try await studio.end()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["sqlite3"]))
func aHostThatWasStoppedForSecondsGoesOnWhereItWas() async throws {
  try await withStudio { studio in
    try await studio.change()
    studio.host.kill(SIGSTOP)
    // The length of the fault, not a wait for something.
    try await Task.sleep(for: .seconds(4))
    studio.host.kill(SIGCONT)
    try await studio.showGoesOn()
    try await studio.isStored()
    #expect(studio.host.lines("persistence.failed").isEmpty)
    try await studio.everythingIsOnDisk()
  }
}
