import Concurrency
import Documents
import DurableFiles
import Foundation
import GenerationStore
import HostHarness
import PersistenceMessages
import Studio
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// G7, G9 and G10: what starting, ending and being a real host takes, as whoever starts it sees it.
struct HostBenchmark {
  private static let runs = 7
  /// The path of `afterimage-host`.
  let program: String

  /// G7: from the start of the process to the journal's word that it is on air, beyond what a process that does nothing
  /// takes.
  func measureStart() throws -> Section {
    let folder = try ScratchFolder()
    let show = try BenchmarkShow(layers: 250)
    try prepare(folder.path, show)
    var (starts, floors) = ([Double](), [Double]())
    for _ in 0..<Self.runs {
      floors.append(try timeVersion())
      starts.append(try timeStart(folder.path, expecting: "\"rung\":\"newest\""))
    }
    let beyond = starts.median - floors.median
    var section = Section("G7", "start to on air with 10,000 parameters, read and verified")
    section.judge(
      "beyond the process's start", figure(nanoseconds: beyond), "at most 60 ms", isMet: beyond <= 60_000_000)
    section.note("start to on air", figure(nanoseconds: starts.median))
    section.note("floor: the same program says its version", figure(nanoseconds: floors.median))
    return section
  }

  /// G9: from SIGTERM to the end, with a change that is not stored yet.
  func measureEnd() throws -> Section {
    var times: [Double] = []
    for _ in 0..<Self.runs {
      let folder = try ScratchFolder()
      times.append(try timeEnd(folder.path))
    }
    let slowest = times.max() ?? .nan
    var section = Section("G9", "SIGTERM to the end with something pending, on a healthy disk")
    section.judge("median", figure(nanoseconds: times.median), "below 100 ms", isMet: times.median < 100_000_000)
    section.judge("slowest of \(Self.runs)", figure(nanoseconds: slowest), "below 3.5 s", isMet: slowest < 3.5e9)
    return section
  }

  /// G10: what the host holds in memory after it has stored for a while.
  func measureMemory() async throws -> Section {
    let folder = try ScratchFolder()
    let show = try BenchmarkShow(layers: 250)
    try prepare(folder.path, show)
    let host = try HostProcess(dataFolder: folder.path, ["--debounce-ms", "0", "--max-delay-ms", "0", "--ring", "32"])
    let client = try await host.client()
    let atStart = try Self.memory(of: host)
    for change in show.changes(Self.stores) {
      let path = "/layers/\(change.layer.rawValue)/parameters/\(change.parameter)?wait=stored"
      guard case .double(let value) = change.value else { continue }
      let answer = try await client.json("PUT", path, "{\"value\":\(value)}")
      guard answer.status == 200 else { throw Unexpected("a change was answered with \(answer.status)") }
    }
    let afterwards = try Self.memory(of: host)
    host.kill(SIGTERM)
    await host.wait()
    var section = Section("G10", "memory of a host with 10,000 parameters (resident set)")
    section.judge(
      "greatest, after \(Self.stores) stores", figure(bytes: afterwards.greatest), "below 80 MB",
      isMet: afterwards.greatest < 80_000_000)
    section.note("on air", figure(bytes: atStart.now))
    section.note("after \(Self.stores) stores", figure(bytes: afterwards.now))
    return section
  }

  private static let stores = 1000

  /// In bytes.
  private static func memory(of host: HostProcess) throws -> (now: Double, greatest: Double) {
    let status = try String(contentsOfFile: "/proc/\(host.pid)/status", encoding: .utf8)
    let kilobytes = { (name: String) in
      status.split(separator: "\n").first { $0.hasPrefix(name) }?.split(whereSeparator: { !$0.isNumber }).first
        .flatMap { Double($0) } ?? .nan
    }
    return (kilobytes("VmRSS:") * 1024, kilobytes("VmHWM:") * 1024)
  }

  private func prepare(_ folder: String, _ show: BenchmarkShow) throws {
    try DataFolder.createFolder(DataFolderLayout(folder).packages)
    try DurableFile.replace("\(folder)/packages/wide.fs", with: show.packageFile)
    let store = try GenerationStore.open(StoreOptions.studio(folder: folder))
    let request = PersistenceRequest(target: .runtimeState, reason: "benchmark", actor: "benchmark", sequence: 1)
    _ = try store.store(PersistenceSnapshot(state: show.state, request: request, requestCount: 1), requests: 1)
    try store.close()
  }

  private func timeVersion() throws -> Double {
    let start = MonotonicClock.nanoseconds
    let child = try ChildProcess(program, ["--version"])
    while child.nextLine() != nil {}
    let time = Stopwatch.perRound(since: start, 1)
    child.wait()
    return time
  }

  private func timeStart(_ folder: String, expecting words: String) throws -> Double {
    let start = MonotonicClock.nanoseconds
    let host = try ChildProcess(program, Self.arguments(folder))
    let line = try Self.line("host.started", of: host)
    let time = Stopwatch.perRound(since: start, 1)
    guard line.contains(words) else { throw ChildProcess.Problem(description: "not restored as expected: \(line)") }
    kill(host.pid, SIGTERM)
    host.wait()
    return time
  }

  private func timeEnd(_ folder: String) throws -> Double {
    let host = try ChildProcess(
      program, Self.arguments(folder) + ["--demo", "--debounce-ms", "60000", "--max-delay-ms", "60000"])
    // The demo show itself was stored before.
    let started = try Self.line("host.started", of: host)
    OSCSender.send([("/studio/live/store", [])], to: try Self.oscPort(of: started))
    _ = try Self.line("persistence.requested", of: host)
    let start = MonotonicClock.nanoseconds
    kill(host.pid, SIGTERM)
    let exit = host.wait()
    let time = Stopwatch.perRound(since: start, 1)
    guard exit == 0 else { throw ChildProcess.Problem(description: "the host ended with \(exit)") }
    return time
  }

  private static func oscPort(of started: String) throws -> UInt16 {
    let line = try JSONParser.parse(Array(started.utf8)[...], limits: .init(bytes: 1 << 16))
    guard let port = (line["osc"]?.stringValue?.split(separator: ":").last).flatMap({ UInt16($0) }) else {
      throw ChildProcess.Problem(description: "no OSC port in \(started)")
    }
    return port
  }

  private static func arguments(_ folder: String) -> [String] {
    ["--data-dir", folder, "--osc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--log-format", "json"]
  }

  private static func line(_ event: String, of host: ChildProcess) throws -> String {
    while let line = host.nextLine() {
      if line.contains("\"event\":\"\(event)\"") { return line }
    }
    throw ChildProcess.Problem(description: "the host did not say \(event)")
  }
}
