import Documents
import Foundation
import HostClient
import HostHarness
import StudioState
import Testing

/// A real host with the demo show on a folder of its own, and the test's knowledge of the show.
final class Studio {
  let place: Place
  private(set) var host: HostProcess
  private(set) var client: HostClient
  private let arguments: [String]
  /// The expected show.
  private(set) var mix: JSONValue = 0.35
  private(set) var sequence: Int64 = 1
  /// What it was at each sequence.
  private(set) var mixes: [Int64: JSONValue] = [1: 0.35]
  private var step: Int64 = 0
  /// How long the answers to changes took.
  private var answers: [Duration] = []
  var slowestAnswer: Duration { answers.max() ?? .zero }

  /// An accepted change is answered from memory, in about a millisecond; how long it takes beside a disk that is ill is
  /// measured by `tools/bench --only G8`. This bound only tells an answer from one that waits for a disk that
  /// stalls for ten seconds, on a machine that has other things to do.
  static let answerBound = Duration.seconds(5)

  /// - Parameters:
  ///   - arguments: besides short waits for stores; of a later host on the folder too.
  ///   - prefix: in front of the host and only of the host, after the place's.
  ///   - environment: of this first host only.
  init(
    _ place: Place, _ arguments: [String] = [], prefix: [String] = [], environment: [String: String] = [:]
  ) async throws {
    self.place = place
    self.arguments = ["--debounce-ms", "20", "--max-delay-ms", "200"] + arguments
    host = try HostProcess(
      HostLaunch(
        dataFolder: place.dataFolder, self.arguments, prefix: place.prefix + prefix, environment: environment))
    client = try await host.client()
  }

  // The show.

  /// Changes the show over HTTP. The change must be accepted and on air at once, in any condition of the disk.
  func change(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    step += 1
    let value = Double(step % 900 + 50) / 1000
    // Known before it is sent: the host may be killed before it answers.
    mixes[sequence + 1] = .double(value)
    let start = ContinuousClock.now
    let answer = try await client.json("PUT", "/layers/plasma/parameters/mix", "{\"value\":\(value)}")
    let took = ContinuousClock.now - start
    answers.append(took)
    #expect(answer.status == 202, sourceLocation: sourceLocation)
    #expect(answer.json["persistenceRequested"] == true, sourceLocation: sourceLocation)
    #expect(took < Self.answerBound, "an answer took \(took)", sourceLocation: sourceLocation)
    sequence = try #require(answer.json["sequence"]?.intValue, sourceLocation: sourceLocation)
    mix = .double(value)
    let shown = try await client.parameter("plasma", "mix", view: "effective")
    #expect(shown == mix, sourceLocation: sourceLocation)
  }

  /// One change that is stored before this returns.
  func storeOneChange(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await change(sourceLocation: sourceLocation)
    let flushed = try await client.json("POST", "/persistence/flush")
    #expect(flushed.status == 200, sourceLocation: sourceLocation)
  }

  /// Five changes are accepted and on air, and frames go on being shown.
  func showGoesOn(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let before = try await framesShown()
    for _ in 0..<5 { try await change(sourceLocation: sourceLocation) }
    try await eventually("the next frame") { try await framesShown() > before }
  }

  /// The middle one of the answers since the last call.
  func takeMedianAnswer() -> Duration {
    defer { answers = [] }
    return answers.sorted().dropFirst(answers.count / 2).first ?? .zero
  }

  private func framesShown() async throws -> Int64 {
    let video = try await client.json("GET", "/health").json["video"]
    return (video?["completed"]?.intValue ?? 0) + (video?["displayedLate"]?.intValue ?? 0)
  }

  /// The key `persistence` of health.
  func health() async throws -> JSONValue {
    try #require(try await client.json("GET", "/health").json["persistence"])
  }

  /// The sentences to the operator so far.
  var notices: [String] { host.lines("host.notice").compactMap { $0["message"]?.stringValue } }

  /// Starts another host on the folder after this one has ended, as after a crash.
  func startAgain(prefix: [String] = []) async throws {
    host = try HostProcess(HostLaunch(dataFolder: place.dataFolder, arguments, prefix: place.prefix + prefix))
    client = try await host.client()
  }
}
