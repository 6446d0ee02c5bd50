/// Writes the Prometheus text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats): families with HELP and TYPE, each once.
///
/// swift-metrics defines recording but no exposition, and a package with both would keep a second set of counters
/// beside those that health shows (docs/decisions/0008-dependencies.md).
public struct MetricsText {
  enum Kind: String {
    case counter, gauge, histogram
  }

  struct Sample {
    var labels: [(name: String, value: String)]
    var value: Double

    init(_ value: Double, _ labels: (name: String, value: String)...) {
      self.labels = labels
      self.value = value
    }
  }

  private(set) var text = ""
  private let prefix: String

  init(prefix: String) {
    self.prefix = prefix
  }

  /// - Parameters:
  ///   - name: without the prefix; base units, counters end in `_total`.
  ///   - help: one sentence without a full stop.
  mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
    begin(name, kind, help)
    for sample in samples { line(name, sample) }
  }

  mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
    family(name, .counter, help, [Sample(Double(value))])
  }

  /// Omitted if there is no value: an absent figure is not 0.
  mutating func gauge(_ name: String, _ help: String, _ value: Double?) {
    if let value { family(name, .gauge, help, [Sample(value)]) }
  }

  mutating func histogram(_ name: String, _ help: String, _ histogram: DurationHistogram) {
    begin(name, .histogram, help)
    var below: UInt64 = 0
    for (bound, count) in zip(DurationHistogram.bounds + [.infinity], histogram.counts) {
      below += count
      line("\(name)_bucket", Sample(Double(below), ("le", Self.number(bound))))
    }
    line("\(name)_sum", Sample(histogram.sum.inSeconds))
    line("\(name)_count", Sample(Double(below)))
  }

  private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(prefix)\(name) \(Self.escaped(help, quotes: false))\n"
    text += "# TYPE \(prefix)\(name) \(kind.rawValue)\n"
  }

  private mutating func line(_ name: String, _ sample: Sample) {
    let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
    let braces = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    text += "\(prefix)\(name)\(braces) \(Self.number(sample.value))\n"
  }

  /// Whole numbers are written without a fraction part.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return Int64(exactly: value).map(String.init) ?? value.description
  }

  /// Escapes backslashes and line feeds, and quotes within a label's value.
  static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
