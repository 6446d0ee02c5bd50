import ControlIngress
import Documents
import Foundation
import GenerationStore
import HostClient
import HostHarness
import Studio
import StudioState
import Synchronization
import Testing

// The central promise: after kill -9 the show is the last state that was reported as stored, or a newer one.

/// What the show must be at each sequence, as the test sent it.
private struct Model {
  struct Show: Equatable {
    var mix = 0.35
    var speed = 0.5
  }

  var shows: [Int64: Show] = [:]
  var sequence: Int64 = 0
  var step = 0

  /// The next change; it is known before it is sent, because the host may be killed before it answers.
  mutating func next() -> (isOSC: Bool, show: Show) {
    step += 1
    var show = shows[sequence] ?? Show()
    let isOSC = step % 3 == 0
    let value = Double(step % 997) / 1000
    if isOSC { show.speed = value } else { show.mix = value }
    shows[sequence + 1] = show
    return (isOSC, show)
  }
}

/// 200 is the claim; AFTERIMAGE_KILL_ROUNDS makes it more or fewer.
private let rounds = ProcessInfo.processInfo.environment["AFTERIMAGE_KILL_ROUNDS"].flatMap { Int($0) } ?? 200

@Test(.timeLimit(.minutes(15)))
func afterEveryKillTheShowIsTheLastStoredOneOrNewer() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  var model = Model()
  var lastTold: Int64 = 0
  var stores = 0
  for round in 0..<rounds {
    let host = try HostProcess(
      dataFolder: data,
      ["--demo", "--crash-loop-limit", "0", "--debounce-ms", "4", "--max-delay-ms", "20", "--ring", "16"])
    let client = try await host.client()
    let state = try await client.json("GET", "/state").json
    let sequence = try #require(state["sequence"]?.intValue)
    #expect(sequence >= lastTold, "round \(round): sequence \(lastTold) was told as stored")
    let show = Model.Show(
      mix: try #require(try await client.parameter("plasma", "mix")?.doubleValue),
      speed: try #require(try await client.parameter("plasma", "speed")?.doubleValue))
    #expect(show == model.shows[sequence] ?? Model.Show(), "round \(round), sequence \(sequence)")
    model.sequence = sequence
    model.shows = [sequence: show]
    let port = try await host.oscPort()
    let delay = Duration.microseconds(Int.random(in: 0..<150_000))
    let killer = Task {
      try? await Task.sleep(for: delay)
      host.kill(SIGKILL)
    }
    while host.process.isRunning {
      guard await change(&model, client, port) else { break }
    }
    await killer.value
    #expect(await host.wait() == -SIGKILL)
    for line in host.lines("persistence.stored") {
      lastTold = max(lastTold, line["sequence"]?.intValue ?? 0)
      stores += 1
    }
    try verify(data, round)
  }
  print("kill -9: \(rounds) rounds, \(stores) stores told, sequence \(lastTold)")
}

/// One change over OSC or HTTP; false once the host is gone.
private func change(_ model: inout Model, _ client: HostClient, _ port: UInt16) async -> Bool {
  let (isOSC, show) = model.next()
  if isOSC {
    OSCSender.send(
      [("/studio/layers/plasma/parameters/speed", [.double(show.speed)]), ("/studio/live/store", [])], to: port)
  } else {
    let body = "{\"value\":\(show.mix)}"
    guard let answer = try? await client.json("PUT", "/layers/plasma/parameters/mix", body) else { return false }
    #expect(answer.status == 202)
  }
  // A datagram has no answer, so the state tells when it has arrived.
  for _ in 0..<500 {
    guard let state = try? await client.json("GET", "/state").json, let now = state["sequence"]?.intValue else {
      return false
    }
    if now > model.sequence {
      model.sequence = now
      return true
    }
  }
  Issue.record("a change did not arrive")
  return false
}

private func verify(_ data: String, _ round: Int) throws {
  let reader = try GenerationReader.open(.studio, databasePath: data + "/state.db")
  defer { reader.close() }
  #expect(try reader.integrityProblems() == [], "round \(round)")
  for summary in try reader.list() {
    #expect(try reader.verify(summary.generation) == [], "round \(round), generation \(summary.generation)")
  }
}
