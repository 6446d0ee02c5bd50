/// What the recovery ladder did at the start.
public struct RecoveryReport: Sendable, Equatable {
  /// What the show was taken from, such as `generation 41` or `preset opening`.
  public var from: String
  /// The ladder's rung, by its name.
  public var rung: String
  /// One entry for each thing that was lost.
  public var lost: [String]

  public init(from: String, rung: String, lost: [String]) {
    self.from = from
    self.rung = rung
    self.lost = lost
  }
}
