public import PersistenceMessages
import SQLiteConnection

/// Why a mark was not set: a mistake of the caller, or the database.
public enum MarkFailure: Error, Sendable, Equatable, CustomStringConvertible {
  case unknownGeneration(Int64)
  /// With the rule that it breaks.
  case badLabel(String)
  /// Another generation has it.
  case labelTaken(String, by: Int64)
  case tooManyPins(limit: Int)
  case store(StoreFailure)

  public var description: String {
    switch self {
    case .unknownGeneration(let generation): "There is no generation \(generation)."
    case .badLabel(let rule): "The label can't be used: \(rule)."
    case .labelTaken(let label, let generation):
      "Generation \(generation) is pinned as \"\(label)\" already. Unpin it first."
    case .tooManyPins(let limit): "There are \(limit) pins already, the most that are kept. Unpin one first."
    case .store(let failure): failure.description
    }
  }
}

/// The names of pins. They stand where numbers and the words of the tool stand, so they must not look like those.
public enum PinLabel {
  /// Nil when `label` can be used; otherwise the rule that it breaks.
  public static func problem(with label: String) -> String? {
    let bytes = label.utf8
    if !(1...64).contains(bytes.count) { return "1 to 64 bytes are expected" }
    if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "it must not hold control characters" }
    if bytes.first == UInt8(ascii: " ") || bytes.last == UInt8(ascii: " ") {
      return "it must not begin or end with a space"
    }
    if bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) { return "it must not be a number" }
    if ["current", "previous", "proven"].contains(label) { return "\(label) already names a generation" }
    return nil
  }
}

extension GenerationStore {
  /// Keeps a generation until it is unpinned; pinning again gives it another label. The next store is a keyframe, so that
  /// the pinned one no longer shares documents with those to come (``KeyframePolicy``).
  public func pin(_ generation: Int64, label: String) throws(MarkFailure) {
    if let problem = PinLabel.problem(with: label) { throw .badLabel(problem) }
    let ring = try retained(generation).ring
    if let holder = ring.entries.first(where: { $0.pin == label && $0.generation != generation }) {
      throw .labelTaken(label, by: holder.generation)
    }
    guard ring[generation]?.pin != nil || ring.pinCount < options.pinLimit else {
      throw .tooManyPins(limit: options.pinLimit)
    }
    try set("pinned", on: generation, label: label)
    session?.ring.update(generation) { $0.pin = label }
  }

  /// Nothing happens when it is not pinned. The generation stays until the next store prunes it.
  public func unpin(_ generation: Int64) throws(MarkFailure) {
    _ = try retained(generation)
    try write("DELETE FROM generation_mark WHERE generation = ?1 AND mark = ?2") { (statement) throws(SQLiteFailure) in
      try statement.bind(generation, at: 1)
      try statement.bind("pinned", at: 2)
    }
    session?.ring.update(generation) { $0.pin = nil }
    noteFacts(trouble: nil)
  }

  /// The host ran healthily on it. Ends the freezing of the ring when the generation was stored after that began.
  public func markProven(_ generation: Int64) throws(MarkFailure) {
    _ = try retained(generation)
    try set("proven", on: generation, label: nil)
    session?.ring.update(generation) { $0.isProven = true }
    recovered.noteProven(generation)
    noteFacts(trouble: nil)
  }

  /// The host ended uncleanly on it, again and again.
  public func markSuspect(_ generation: Int64) throws(MarkFailure) {
    _ = try retained(generation)
    try set("suspect", on: generation, label: nil)
    session?.ring.update(generation) { $0.isSuspect = true }
    noteFacts(trouble: nil)
  }

  private func retained(_ generation: Int64) throws(MarkFailure) -> StoreSession {
    let session: StoreSession
    do throws(StoreFailure) { session = try placedSession() } catch { throw .store(error) }
    guard session.ring[generation] != nil else { throw .unknownGeneration(generation) }
    return session
  }

  private func set(_ mark: String, on generation: Int64, label: String?) throws(MarkFailure) {
    let now = options.wallClock()
    try write(
      """
      INSERT INTO generation_mark(generation, mark, label, marked_at_unix_ms) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (generation, mark) DO UPDATE SET label = ?3, marked_at_unix_ms = ?4
      """
    ) { (statement) throws(SQLiteFailure) in
      try statement.bind(generation, at: 1)
      try statement.bind(mark, at: 2)
      try statement.bind(label, at: 3)
      try statement.bind(now, at: 4)
    }
    noteFacts(trouble: nil)
  }

  private func write(_ sql: String, _ bind: (Statement) throws(SQLiteFailure) -> Void) throws(MarkFailure) {
    do throws(StoreFailure) {
      let session = try placedSession()
      try attempt { () throws(SQLiteFailure) in
        try session.transaction { () throws(SQLiteFailure) in
          let statement = try session.connection.statement(sql)
          try bind(statement)
          try statement.run()
        }
      }
    } catch {
      throw .store(error)
    }
  }
}
