import GenerationStore

/// A model of the database's content that follows the few rules that the store promises.
struct ExpectedShow: Hashable, Sendable {
  struct Generation: Hashable, Sendable {
    var number: Int64
    var sequence: UInt64
    var pin: String?
    var isProven = false
  }

  struct Run: Hashable, Sendable {
    var number: Int64
    var ending: String
  }

  /// Ascending.
  var generations: [Generation] = []
  var runs: [Run] = []

  /// The newest `ring`, the pinned and the newest proven one stay.
  mutating func store(_ number: Int64, sequence: UInt64, ring: Int) {
    generations.append(Generation(number: number, sequence: sequence))
    let oldest = generations.count - ring
    let newestProven = generations.last { $0.isProven }?.number
    let kept = generations.enumerated().filter {
      $0.offset >= oldest || $0.element.pin != nil || $0.element.number == newestProven
    }
    generations = kept.map(\.element)
  }

  mutating func update(_ number: Int64, _ change: (inout Generation) -> Void) {
    for index in generations.indices where generations[index].number == number { change(&generations[index]) }
  }

  mutating func beginRun() {
    for index in runs.indices where runs[index].ending == "running" { runs[index].ending = "unclean" }
    runs.append(Run(number: (runs.last?.number ?? 0) + 1, ending: "running"))
  }

  mutating func endRun() {
    if !runs.isEmpty { runs[runs.count - 1].ending = "clean" }
  }
}

extension ExpectedShow {
  /// What a database holds.
  init(_ reader: GenerationReader) throws {
    generations = try reader.list().reversed().map {
      Generation(number: $0.generation, sequence: $0.sequence, pin: $0.pin, isProven: $0.isProven)
    }
    runs = try reader.runs().reversed().map { Run(number: $0.run, ending: $0.ending.rawValue) }
  }
}

extension ExpectedShow: CustomStringConvertible {
  var description: String {
    let generations = generations.map {
      "\($0.number)=\($0.sequence)\($0.pin.map { "(\($0))" } ?? "")\($0.isProven ? "*" : "")"
    }
    return "generations [\(generations.joined(separator: " "))], runs [\(runs.map(\.ending).joined(separator: " "))]"
  }
}
