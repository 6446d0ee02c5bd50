import Concurrency
import Documents
import Foundation
import HostClient
import HostHarness
import StudioState

/// G8: frames and answers of a real host during faults of its persistence, compared with the same host without faults.
enum FaultBenchmark {
  /// Longer than the stall.
  private static let length = Duration.seconds(11)
  /// Between two changes over HTTP.
  private static let pause = Duration.milliseconds(20)
  /// A change is answered from memory. A healthy host's slowest answer on two busy cores comes near to this; a wait for
  /// a disk, a retry or a lock does not.
  private static let answerLimit = 100_000_000.0

  struct Reading {
    var late: Int64
    var dropped: Int64
    /// Nanoseconds, one each change over HTTP, from the connection to the whole answer.
    var answers: [Double]
  }

  static func measure() async throws -> Section {
    var section = Section("G8", "frames at 60 a second and answers over HTTP, for 11 s beside each fault")
    if let missing = InjectedFault.programs.first(where: { Program.path(of: $0) == nil }) {
      section.judge("all", "\(missing) is missing", "frames and answers beside faults", isMet: false)
      return section
    }
    for fault in InjectedFault.allCases { note(try await read(fault), fault, &section) }
    return section
  }

  private static func note(_ reading: Reading, _ fault: InjectedFault, _ section: inout Section) {
    section.judge(
      "late and dropped frames: \(fault.rawValue)", "\(reading.late) and \(reading.dropped)", "none",
      isMet: reading.late + reading.dropped == 0)
    let slowest = reading.answers.max() ?? .nan
    section.judge(
      "  slowest of \(reading.answers.count) answers", figure(nanoseconds: slowest),
      "below \(figure(nanoseconds: answerLimit))", isMet: slowest < answerLimit)
    section.note("  median", figure(nanoseconds: reading.answers.median))
  }

  private static func read(_ fault: InjectedFault) async throws -> Reading {
    let folder = try ScratchFolder()
    let host = try HostProcess(dataFolder: "\(folder.path)/data", ["--demo"])
    let client = try await host.client()
    // The demo show is stored, and what belongs to the start is over.
    try await eventually("the demo show, stored") { try await HealthSeen(client).state == "saved" }
    try await Task.sleep(for: .seconds(1))
    let before = try await HealthSeen(client)
    let end = try await fault.begin(on: host, storm: host.oscPort())
    let answers = try await change(client, for: length - .seconds(1))
    let during = try await HealthSeen(client)
    guard fault.isSeen(in: during, since: before) else {
      throw Unexpected("\(fault.rawValue), but health says \(during)")
    }
    let more = try await change(client, for: .seconds(1))
    let after = try await HealthSeen(client)
    try await end()
    try await eventually(within: .seconds(30), "everything stored") { try await HealthSeen(client).state == "saved" }
    host.kill(SIGTERM)
    let exit = await host.wait()
    guard exit == 0 else { throw Unexpected("the host ended with \(exit)") }
    return Reading(
      late: after.late - before.late, dropped: after.dropped - before.dropped, answers: answers + more)
  }

  private static func change(_ client: HostClient, for length: Duration) async throws -> [Double] {
    var answers: [Double] = []
    let end = MonotonicClock.now() + length
    while MonotonicClock.now() < end {
      let body = "{\"value\":\(Double(answers.count % 1000) / 1000)}"
      let start = MonotonicClock.nanoseconds
      let answer = try await client.json("PUT", "/layers/plasma/parameters/mix", body)
      answers.append(Stopwatch.perRound(since: start, 1))
      guard answer.status == 202 else { throw Unexpected("a change was answered with \(answer.status)") }
      try await Task.sleep(for: pause)
    }
    return answers
  }
}

/// What one look at health says.
struct HealthSeen {
  var state: String
  var errorCode: String?
  var oldestUnsavedAgeMs: Int64
  var late: Int64
  var dropped: Int64
  var oscMessages: Int64

  init(_ client: HostClient) async throws {
    let health = try await client.json("GET", "/health").json
    let (persistence, video) = (health["persistence"], health["video"])
    state = persistence?["state"]?.stringValue ?? ""
    errorCode = persistence?["lastError"]?["code"]?.stringValue
    oldestUnsavedAgeMs = persistence?["oldestUnsavedAgeMs"]?.intValue ?? 0
    guard let late = video?["displayedLate"]?.intValue, let dropped = video?["dropped"]?.intValue else {
      throw Unexpected("health has no frames")
    }
    (self.late, self.dropped) = (late, dropped)
    oscMessages = health["osc"]?["messages"]?.intValue ?? 0
  }
}

struct Unexpected: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
