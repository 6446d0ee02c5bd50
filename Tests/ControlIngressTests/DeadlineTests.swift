import ControlIngress
import Documents
import LiveRuntime
import PersistenceMessages
import StudioState
import Synchronization
import Testing

// Requests whose deadline has passed are not performed.

private let boot = RequestDeadline.Moment.Boot(id: "b1", milliseconds: 1000)

@Test(
  arguments: [
    // The wall clock alone: just before and at the deadline.
    ("500", 499, nil, false), ("500", 500, nil, true),
    // The same boot: the wall clock does not count.
    ("500 b1 1001", 9999, boot, false), ("500 b1 1000", 0, boot, true),
    // Another boot, or a receiver that does not know its own.
    ("500 b2 9999", 500, boot, true), ("500 b2 1", 499, boot, false), ("500 b1 9999", 500, nil, true),
  ] as [(String, Int64, RequestDeadline.Moment.Boot?, Bool)])
func aDeadlinePassesByTheClockThatCounts(
  text: String, unix: Int64, boot: RequestDeadline.Moment.Boot?, hasPassed: Bool
) throws {
  let deadline = try #require(RequestDeadline(text))
  #expect(deadline.text == text)
  #expect(deadline.hasPassed(at: .init(unixMilliseconds: unix, boot: boot)) == hasPassed)
}

@Test(arguments: ["", "soon", "1 b", "1 b 2 3", "1  2", "1 b x", " 1", "99999999999999999999"])
func aStrangeDeadlineIsNone(text: String) {
  #expect(RequestDeadline(text) == nil)
}

@Test func aDeadlineIsSetOnAllClocks() {
  let now = RequestDeadline.Moment(unixMilliseconds: 5, boot: boot)
  #expect(RequestDeadline(within: .seconds(2), of: now).text == "2005 b1 3000")
}

private let changes: [(method: String, path: String, body: String)] = [
  ("POST", "/api/v1/generations/5/rollback", ""), ("PUT", "/api/v1/generations/5/pin", #"{"label":"x"}"#),
  ("DELETE", "/api/v1/generations/5/pin", ""), ("POST", "/api/v1/import?force=true", "{}"),
  ("PUT", "/api/v1/layers/plasma/opacity", #"{"value":0.5}"#),
]

@Test func aRequestIsRefusedFromItsDeadlineOn() async throws {
  let fixture = try HTTPFixture()
  let time = fixture.studio.wallTime.withLock { $0 }
  try await fixture.serve { client in
    for (method, path, body) in changes {
      let late = try await client.send(method, path, body, headers: "X-Afterimage-Deadline: \(time)\r\n")
      #expect(late.status == 408, "\(path)")
      #expect(late.errorCode == "deadlinePassed", "\(path)")
    }
    #expect(fixture.studio.requests.elements.isEmpty)
    for (method, path, body) in changes {
      let inTime = try await client.send(method, path, body, headers: "X-Afterimage-Deadline: \(time + 1)\r\n")
      #expect(inTime.status < 300, "\(path)")
    }
    let strange = try await client.send("GET", "/api/v1/state", headers: "X-Afterimage-Deadline: soon\r\n")
    #expect(strange.errorCode == "badDeadline")
  }
}

/// The deadline passes while the request waits: for the store of what is unsaved, or for the writer's thread.
@Test func aRequestThatWaitedBeyondItsDeadlineIsRefused() async throws {
  var fixture = try HTTPFixture()
  let wallTime = fixture.studio
  let time = wallTime.wallTime.withLock { $0 }
  let before = fixture.studio.view.durable
  fixture.archive.beforeReading = { wallTime.wallTime.withLock { $0 = time + 1 } }
  try await fixture.serve { client in
    for (method, path, body) in changes.prefix(2) {
      wallTime.wallTime.withLock { $0 = time }
      let late = try await client.send(method, path, body, headers: "X-Afterimage-Deadline: \(time + 1)\r\n")
      #expect(late.errorCode == "deadlinePassed", "\(path)")
    }
  }
  #expect(fixture.studio.requests.elements.isEmpty)
  #expect(fixture.studio.view.durable == before)
}

@Test func aRollbackToAnEqualStateIsAnsweredWithTheGenerationThatHoldsIt() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let answer = try await client.send("POST", "/api/v1/generations/5/rollback")
    #expect(answer.status == 200)
    #expect(
      CanonicalJSON.text(answer.json)
        == #"{"changed":false,"dryRun":false,"from":6,"sequence":0,"stored":7,"to":5}"#)
  }
  #expect(fixture.studio.requests.elements.isEmpty)
}
