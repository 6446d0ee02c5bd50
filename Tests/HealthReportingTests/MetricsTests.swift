import LiveRuntime
import PersistenceMessages
import StudioState
import Testing

@testable import HealthReporting

/// One sample line of an exposition.
private func value(_ series: String, in text: String) -> String? {
  text.split(separator: "\n").first { $0.hasPrefix("\(series) ") }.map { String($0.dropFirst(series.count + 1)) }
}

@Test func everyFamilyHasHelpAndTypeOnceAndItsNameKeepsTheRules() throws {
  let text = report(status(.saved)).prometheusText
  var types: [String: String] = [:]
  var helped = Set<String>()
  #expect(text.hasSuffix("\n"))
  for line in text.split(separator: "\n") {
    let words = line.split(separator: " ").map(String.init)
    if line.hasPrefix("# HELP ") {
      #expect(helped.insert(words[2]).inserted, "\(words[2]) twice")
      #expect(words.count > 3)
    } else if line.hasPrefix("# TYPE ") {
      #expect(helped.contains(words[2]))
      types[words[2]] = words[3]
    } else {
      let series = String(line.prefix { $0 != "{" && $0 != " " })
      let family = ["_bucket", "_sum", "_count"].reduce(series) { name, ending in
        types[name] == nil && name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
      }
      let type = try #require(types[family], "\(series) has no TYPE")
      #expect(family.hasPrefix("afterimage_"))
      #expect((type == "counter") == family.hasSuffix("_total"), "\(family)")
      #expect(!family.hasSuffix("_ms"))
    }
  }
  #expect(types.count > 30)
}

@Test func healthAndMetricsTellTheSame() {
  let persistence = status(.failing, unsaved: 3, age: .milliseconds(4250), lastFailure: failure(.full, attempt: 5))
  let text = report(persistence).prometheusText
  #expect(value("afterimage_persistence_unsaved_requests", in: text) == "3")
  #expect(value("afterimage_persistence_oldest_unsaved_age_seconds", in: text) == "4.25")
  #expect(value(#"afterimage_persistence_state{state="failing"}"#, in: text) == "1")
  #expect(value(#"afterimage_persistence_state{state="saved"}"#, in: text) == "0")
  #expect(value("afterimage_persistence_failed_attempts", in: text) == "5")
  #expect(value("afterimage_persistence_stored_generation", in: text) == "4")
  #expect(value("afterimage_persistence_last_stored_timestamp_seconds", in: text) == "1784021400.25")
  #expect(value("afterimage_persistence_coalesced_requests_total", in: text) == "12")
  #expect(value("afterimage_wal_bytes", in: text) == "4096")
  #expect(value("afterimage_healthy", in: text) == "1")
  #expect(value(#"afterimage_video_frames_total{result="displayedLate"}"#, in: text) == "2")
  #expect(value("afterimage_osc_bad_packets_total", in: text) == "3")
}

@Test func observationsAddUp() {
  let telemetry = telemetry()
  telemetry.observe(.storing(sequence: 1))
  telemetry.observe(stored(1, bytes: 1000, took: .milliseconds(1), isKeyframe: true))
  telemetry.observe(.failed(failure(.busy)))
  telemetry.observe(.failed(failure(.full, attempt: 2)))
  telemetry.observe(.failed(failure(.full, attempt: 3)))
  telemetry.observe(stored(2, bytes: 500, took: .milliseconds(30)))
  telemetry.observe(.recovered(afterAttempts: 3, outage: .milliseconds(1750)))
  telemetry.observe(stored(3, took: .seconds(60)))
  telemetry.observe(.stopped(.stored, closeFailure: nil))
  let text = report(status(.saved), of: telemetry).prometheusText
  #expect(value("afterimage_persistence_stores_total", in: text) == "3")
  #expect(value("afterimage_persistence_keyframes_total", in: text) == "1")
  #expect(value("afterimage_persistence_stored_bytes_total", in: text) == "1600")
  #expect(value(#"afterimage_persistence_store_failures_total{code="full"}"#, in: text) == "2")
  #expect(value(#"afterimage_persistence_store_failures_total{code="io"}"#, in: text) == "0")
  #expect(value("afterimage_persistence_outages_total", in: text) == "1")
  #expect(value("afterimage_persistence_outage_seconds_total", in: text) == "1.75")
  let family = "afterimage_persistence_store_duration_seconds"
  #expect(value(#"\#(family)_bucket{le="0.0005"}"#, in: text) == "0")
  #expect(value(#"\#(family)_bucket{le="0.001"}"#, in: text) == "1")
  #expect(value(#"\#(family)_bucket{le="0.05"}"#, in: text) == "2")
  #expect(value(#"\#(family)_bucket{le="10"}"#, in: text) == "2")
  #expect(value(#"\#(family)_bucket{le="+Inf"}"#, in: text) == "3")
  #expect(value("\(family)_count", in: text) == "3")
  #expect(value("\(family)_sum", in: text) == "60.031")
}

@Test func requestsAndMutationsAreCountedByClass() throws {
  let plasma = try #require(LayerID("plasma"))
  let telemetry = telemetry()
  for status in [200, 202, 404, 503, 999] { telemetry.countRequest(status: status) }
  let fade = Mutation.automate(plasma, .opacity, .double(0.5))
  for _ in 0..<20 { telemetry.countMutations([fade, fade], isPerformed: true) }
  telemetry.countMutations([.storeLiveValues], isPerformed: true)
  telemetry.countMutations([.commitLive(plasma, .opacity, .double(0.5)), .clearLiveValues], isPerformed: true)
  telemetry.countMutations([.identifyOutput(true)], isPerformed: true)
  telemetry.countMutations([fade, .storeLiveValues, fade], isPerformed: false)
  let text = report(status(.saved), of: telemetry).prometheusText
  #expect(value(#"afterimage_http_requests_total{status="2xx"}"#, in: text) == "2")
  #expect(value(#"afterimage_http_requests_total{status="4xx"}"#, in: text) == "1")
  #expect(value(#"afterimage_http_requests_total{status="5xx"}"#, in: text) == "2")
  #expect(value(#"afterimage_mutations_total{class="transient"}"#, in: text) == "40")
  #expect(value(#"afterimage_mutations_total{class="durable"}"#, in: text) == "1")
  #expect(value(#"afterimage_mutations_total{class="committedLive"}"#, in: text) == "2")
  #expect(value(#"afterimage_mutations_total{class="renderLocal"}"#, in: text) == "1")
  #expect(value(#"afterimage_mutations_total{class="refused"}"#, in: text) == "3")
}

@Test func figuresWithoutASourceAreLeftOutAndNotZero() {
  let text = report().prometheusText
  #expect(!text.contains("afterimage_video_frames_total"))
  #expect(!text.contains("afterimage_wal_bytes"))
  #expect(value("afterimage_healthy", in: text) == "0")
}

@Test func labelsAndHelpAreEscaped() {
  var text = MetricsText(prefix: "x_")
  text.family("y", .gauge, "a \\ b\nc \"d\"", [.init(1.5, ("l", "a \\ b\nc \"d\""))])
  #expect(text.text == "# HELP x_y a \\\\ b\\nc \"d\"\n# TYPE x_y gauge\nx_y{l=\"a \\\\ b\\nc \\\"d\\\"\"} 1.5\n")
}

@Test(arguments: [
  (0, "0"), (-0.5, "-0.5"), (1e18, "1000000000000000000"), (1e300, "1e+300"), (Double.infinity, "+Inf"),
  (-Double.infinity, "-Inf"), (Double.nan, "NaN"),
])
func numbersAreWrittenAsTheFormatWants(number: Double, text: String) {
  #expect(MetricsText.number(number) == text)
}
