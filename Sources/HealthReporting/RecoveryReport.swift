/// The result of the recovery ladder at the start.
public struct RecoveryReport: Sendable, Equatable {
  /// The source of the show, such as `generation 41` or `preset opening`.
  public var from: String
  /// The ladder's rung, by its name.
  public var rung: String
  /// One sentence per loss.
  public var lost: [String]

  public init(from: String, rung: String, lost: [String]) {
    self.from = from
    self.rung = rung
    self.lost = lost
  }
}
