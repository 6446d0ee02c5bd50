/// Where the writer starts: what was restored.
public struct WriterStart: Sendable {
  /// The highest sequence known to be stored; the runtime counts on from here.
  public var sequence: UInt64
  public var generation: Int64?
  /// When that was stored: wall clock, milliseconds since 1970.
  public var storedAtUnixMs: Int64?

  public init(sequence: UInt64, generation: Int64?, storedAtUnixMs: Int64? = nil) {
    self.sequence = sequence
    self.generation = generation
    self.storedAtUnixMs = storedAtUnixMs
  }
}
