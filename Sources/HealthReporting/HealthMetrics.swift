import LiveRuntime
import PersistenceMessages
import VideoOutput

// The Prometheus text. Every figure comes from the same report as the JSON of health.
extension HealthReport {
  /// Families whose source does not exist yet are omitted.
  public var prometheusText: String {
    var text = MetricsText(prefix: "afterimage_")
    text.family("build_info", .gauge, "The running version, as a label", [.init(1, ("version", version))])
    text.gauge("start_time_seconds", "When the host started, since 1970", Double(startedAtUnixMs) / 1000)
    text.gauge("healthy", "1 while /healthz answers 200, else 0", isHealthy ? 1 : 0)
    if let persistence { add(persistence, to: &text) }
    addJournal(to: &text)
    if let facts { add(facts, to: &text) }
    if let osc { add(osc, to: &text) }
    text.gauge("live_values", "Values on air that a stop of the host forgets", liveValues.map(Double.init))
    addIngress(to: &text)
    if let video { add(video, to: &text) }
    return text.text
  }

  private func add(_ persistence: PersistenceStatus, to text: inout MetricsText) {
    text.family(
      "persistence_state", .gauge, "1 for the state that the writer is in, 0 for the others",
      PersistenceState.allCases.map { .init(persistence.state == $0 ? 1 : 0, ("state", $0.rawValue)) })
    text.gauge("persistence_unsaved_requests", "Accepted requests not stored", Double(persistence.unsavedRequests))
    text.gauge(
      "persistence_oldest_unsaved_age_seconds", "Age of the oldest request not stored, 0 when all are stored",
      (persistence.oldestUnsavedAge ?? .zero).inSeconds)
    text.gauge("persistence_requested_sequence", "Newest requested sequence", Double(persistence.requestedSequence))
    text.gauge("persistence_stored_sequence", "Newest stored sequence", Double(persistence.storedSequence))
    text.gauge(
      "persistence_stored_generation", "Number of the newest stored generation",
      persistence.storedGeneration.map(Double.init))
    text.gauge(
      "persistence_last_stored_timestamp_seconds", "When the newest generation was stored, since 1970",
      persistence.lastStoredAtUnixMs.map { Double($0) / 1000 })
    text.counter(
      "persistence_coalesced_requests_total", "Requests that the store of a later one fulfilled",
      persistence.coalescedRequests)
    text.gauge(
      "persistence_failed_attempts", "Attempts in a row that failed until now",
      Double(persistence.lastFailure?.attempt ?? 0))
  }

  private func addJournal(to text: inout MetricsText) {
    text.counter("persistence_stores_total", "Generations stored", journal.stores)
    text.counter("persistence_keyframes_total", "Generations stored with all documents afresh", journal.keyframes)
    text.counter("persistence_stored_bytes_total", "Bytes of documents and manifests stored", journal.storedBytes)
    text.histogram(
      "persistence_store_duration_seconds", "Time that a successful store took", journal.storeDurations)
    text.family(
      "persistence_store_failures_total", .counter, "Attempts to store that failed, by cause",
      StoreFailure.Code.allCases.map { .init(Double(journal.failures[$0] ?? 0), ("code", $0.rawValue)) })
    text.counter("persistence_outages_total", "Outages that ended with a successful store", journal.outages)
    text.family(
      "persistence_outage_seconds_total", .counter, "Time spent in outages that ended",
      [.init(journal.outageTime.inSeconds)])
    text.gauge("loss_unacknowledged", "1 while a loss is not acknowledged, else 0", loss?.isOpen ?? false ? 1 : 0)
    text.gauge("recovered", "1 when this start had to recover the show, else 0", recovery == nil ? 0 : 1)
  }

  private func add(_ facts: StoreFacts, to text: inout MetricsText) {
    text.gauge("wal_bytes", "Size of the write-ahead log", Double(facts.walBytes))
    text.gauge(
      "wal_alarm", "1 while the write-ahead log is longer than it should be, else 0", facts.isWALAlarming ? 1 : 0)
    text.gauge("held_back_places", "Places of the show that could not be stored", Double(facts.heldBack.count))
    text.gauge("failed_over", "1 while the second folder is used, else 0", facts.failover == nil ? 0 : 1)
    text.gauge(
      "homeless", "1 while the newest stored state is not known to be on disk, else 0", facts.isHomeless ? 1 : 0)
    text.gauge("ring_suspect_generations", "Generations marked as suspect", Double(facts.ring.suspect))
    text.gauge("database_bytes", "Size of the database file", Double(facts.databaseBytes))
    text.gauge("ring_generations", "Generations kept", Double(facts.ring.count))
    text.gauge("ring_capacity_generations", "Newest generations that are kept at least", Double(facts.ring.capacity))
    text.gauge("ring_pinned_generations", "Generations pinned", Double(facts.ring.pinned))
    text.gauge("ring_oldest_generation", "Number of the oldest generation", facts.ring.oldest.map(Double.init))
    text.gauge("ring_newest_generation", "Number of the newest generation", facts.ring.newest.map(Double.init))
    text.gauge("proven_generation", "Number of the newest proven generation", facts.provenGeneration.map(Double.init))
  }

  private func add(_ osc: OSCFigures, to text: inout MetricsText) {
    text.counter("osc_packets_total", "OSC packets received", osc.packets)
    text.counter("osc_messages_total", "OSC messages read", osc.messages)
    text.counter("osc_bad_packets_total", "Packets dropped as no OSC or beyond its bounds", osc.badPackets)
    text.counter("osc_unmatched_messages_total", "OSC messages whose address matches nothing", osc.unmatched)
    text.counter("osc_refused_packets_total", "OSC packets understood and refused", osc.refused)
    text.counter("osc_early_packets_total", "OSC packets dropped as too far in the future", osc.tooEarly)
  }

  private func addIngress(to text: inout MetricsText) {
    text.family(
      "http_requests_total", .counter, "HTTP requests answered, by the class of their status",
      requests.enumerated().map { .init(Double($1), ("status", "\($0 + 1)xx")) })
    text.family(
      "mutations_total", .counter, "Mutations by what became of them",
      MutationClass.allCases.map { .init(Double(performed[$0] ?? 0), ("class", $0.rawValue)) }
        + [.init(Double(refused), ("class", "refused"))])
  }

  private func add(_ video: VideoCounters, to text: inout MetricsText) {
    text.family(
      "video_frames_total", .counter, "Scheduled frames by what became of them",
      [
        .init(Double(video.completed), ("result", "completed")),
        .init(Double(video.displayedLate), ("result", "displayedLate")),
        .init(Double(video.dropped), ("result", "dropped")), .init(Double(video.flushed), ("result", "flushed")),
      ])
    text.counter("video_rendered_frames_total", "Frames rendered", video.renderedFrames)
    text.gauge(
      "video_worst_render_seconds", "Longest that rendering one frame took", video.worstRenderTime.inSeconds)
  }
}
