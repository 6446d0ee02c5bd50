import ArgumentParser
import HostHarness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Measures the goals that the design is held to, each beside its floor or its peer, all in one run: figures of different
/// runs can't be compared, because the machine has moods.
@main
struct AfterimageBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "afterimage-bench",
    abstract: "Prints what Afterimage costs beside what the alternatives cost.",
    subcommands: [Measure.self, SystemCalls.self, HotPath.self], defaultSubcommand: Measure.self)
}

struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures. Exit code 1 when a goal is missed.")

  enum Goal: String, CaseIterable, ExpressibleByArgument {
    case g1 = "G1"
    case g2 = "G2"
    case g3 = "G3"
    case g6 = "G6"
    case g7 = "G7"
    case g8 = "G8"
    case g9 = "G9"
    case g10 = "G10"
  }

  @Option(name: .customLong("only"), help: "Measures this goal only; can be given several times.")
  var only: [Goal] = []

  func run() async throws {
    let goals = only.isEmpty ? Goal.allCases : Goal.allCases.filter { only.contains($0) }
    let isTraced = goals.contains(.g1) || goals.contains(.g2)
    let systemCalls = isTraced && TracedHotPath.isPossible ? try TracedHotPath.run() : nil
    var missed: [String] = []
    for goal in goals {
      let section = try await measure(goal, systemCalls)
      print(section.text)
      // Also through a pipe each section is seen once it is there.
      fflush(nil)
      if !section.isMet { missed.append(section.goal) }
    }
    print(missed.isEmpty ? "All goals met." : "MISSED: \(missed.joined(separator: ", "))")
    if !missed.isEmpty { throw ExitCode(1) }
  }

  private func measure(_ goal: Goal, _ systemCalls: SystemCallReport?) async throws -> Section {
    switch goal {
    case .g1: try RequestBenchmark.measure(systemCalls)
    case .g2: try MutationBenchmark.measure(systemCalls)
    case .g3: try StoringBenchmark.measure()
    case .g6: try HourBenchmark.measure()
    case .g7: try hosts.measureStart()
    case .g8: try await FaultBenchmark.measure()
    case .g9: try hosts.measureEnd()
    case .g10: try await hosts.measureMemory()
    }
  }

  private var hosts: HostBenchmark { HostBenchmark(program: "\(HostProcess.binaries)/afterimage-host") }
}

struct SystemCalls: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Counts the system calls of accepting mutations, with strace. Prints one line a part of the hot path.",
    discussion: "Exit code 1 when there is any but those for memory, 69 without strace.")

  func run() throws {
    guard TracedHotPath.isPossible else {
      print("no strace on this machine")
      throw ExitCode(69)
    }
    let report = try TracedHotPath.run()
    for part in MarkedHotPath.Part.allCases {
      print(
        "\(part.rawValue): memory \(report.memoryCalls(part)), other \(report.otherCalls(part)) (\(report.words(part)))"
      )
    }
    guard MarkedHotPath.Part.allCases.allSatisfy({ report.otherCalls($0) == 0 }) else { throw ExitCode(1) }
  }
}

struct HotPath: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Does mutations and requests between markers, for whoever traces this process.", shouldDisplay: false)

  @Option(help: "Mutations and requests.")
  var rounds = 50_000

  func run() async throws {
    try await MarkedHotPath.run(rounds: rounds)
  }
}
