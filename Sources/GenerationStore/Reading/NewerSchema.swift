import CSQLite
import StudioState

/// A database whose private tables are unknown here: what the public views tell, which stay the same.
struct NewerSchema {
  let connection: Connection

  /// Newest first.
  func list() throws(SQLiteProblem) -> [GenerationSummary] {
    let statement = try connection.statement(
      """
      SELECT generation, origin, reason, actor, requests, layers, bytes, keyframe, proven_at IS NOT NULL, pin, current,
      CAST(round((julianday(stored_at) - 2440587.5) * 86400000.0) AS INTEGER)
      FROM generations ORDER BY generation DESC
      """)
    defer { statement.reset() }
    var summaries: [GenerationSummary] = []
    while try statement.step() {
      let record = GenerationRecord(
        generation: statement.integer(0), sequence: 0, storedAtUnixMs: statement.integer(11), origin: statement.text(1),
        reason: statement.text(2), actor: statement.text(3), requests: statement.integer(4),
        layers: statement.integer(5), bytes: statement.integer(6), isKeyframe: statement.integer(7) != 0)
      var summary = GenerationSummary(record, [], isCurrent: statement.integer(10) != 0)
      summary.isProven = statement.integer(8) != 0
      summary.pin = statement.isNull(9) ? nil : statement.text(9)
      summaries.append(summary)
    }
    return summaries
  }

  /// The state without its packages, which no view shows: values are taken as they are written. Nothing is checked, as
  /// the newer checksums are not known.
  func load(_ generation: Int64) throws(SQLiteProblem) -> LoadedGeneration? {
    let statement = try connection.statement("SELECT state FROM generation_state WHERE generation = ?1")
    defer { statement.reset() }
    try statement.bind(generation, at: 1)
    guard try statement.step() else { return nil }
    let json: JSONValue
    do {
      json = try JSONParser.parse(statement.bytes(0), limits: .init(bytes: 256 << 20))
    } catch {
      throw SQLiteProblem(code: SQLITE_CORRUPT, message: error.description, during: "read of generation \(generation)")
    }
    guard var summary = try list().first(where: { $0.generation == generation }) else { return nil }
    summary.sequence = UInt64(clamping: json["sequence"]?.intValue ?? 0)
    return LoadedGeneration(summary: summary, state: Self.state(json))
  }

  /// What can be read; a layer that this program does not understand is left out.
  private static func state(_ json: JSONValue) -> StudioState {
    var state = StudioState()
    for element in json["layers"]?.arrayValue ?? [] {
      guard let layer = try? Layer(json: element, at: "layers", package: { _ in nil }), state.layers[layer.id] == nil
      else { continue }
      state.layers.insert(layer, at: state.layers.count)
    }
    for member in json["config"]?.objectValue ?? [] {
      if let config = try? state.config.applying(.object([member])) { state.config = config }
    }
    return state
  }
}
