public import Documents

/// A loss that a start found, kept in the data folder until it is acknowledged, so that a restart does not hide it. A
/// value with its rules; `LossFile` stores it.
public struct LossRecord: Sendable, Equatable {
  /// When the loss was found: UTC, ISO 8601.
  public var at: String
  /// The rung of the start that found the loss; of several starts, the rung that lost the most.
  public var rung: String
  /// One sentence per loss; at most ``most``.
  public var lost: [String]
  /// Files and folders that may still contain the lost state.
  public var files: [String]
  /// The command to type.
  public var command: String
  /// The program's rung whose state was blank, if such a state is held from proof (``ProgramRung/blankState``): a state
  /// that shows nothing crashes nothing, and so proves nothing. Nil if the recovered state is not blank.
  public var blank: String?
  /// When the loss was acknowledged, or ended by itself; nil until then. UTC, ISO 8601.
  public var acknowledgedAt: String?

  /// More sentences than an operator reads.
  public static let most = 50

  public init(
    at: String, rung: String, lost: [String], files: [String] = [], command: String, blank: String? = nil,
    acknowledgedAt: String? = nil
  ) {
    self.at = at
    self.rung = rung
    self.lost = lost
    self.files = files
    self.command = command
    self.blank = blank
    self.acknowledgedAt = acknowledgedAt
  }

  /// Whether each start must still announce it.
  public var isOpen: Bool { acknowledgedAt == nil }
}

// The rules, as pure functions.
extension LossRecord {
  /// The severity of the loss of a rung; that of an unknown one is the highest.
  private static func cost(of rung: String, _ rungs: [ProgramRung]) -> Int {
    let names = RecoveryRung.bySeverity.map(\.description) + rungs.map(\.name)
    return names.firstIndex(of: rung) ?? names.count
  }

  private func blankState(_ rungs: [ProgramRung]) -> ProgramRung.BlankState {
    rungs.first { $0.name == blank }?.blankState ?? .isProvable
  }

  /// The record after a start.
  ///
  /// | recorded     | the start found | then                                                              |
  /// |--------------|-----------------|-------------------------------------------------------------------|
  /// | nothing      | nothing         | nothing                                                           |
  /// | a loss       | nothing         | the same loss: a good start does not undo it                      |
  /// | acknowledged | the same again  | acknowledged: on the first rungs nothing new was lost             |
  /// | acknowledged | a loss          | the new one                                                       |
  /// | open         | a loss          | both                                                              |
  ///
  /// - Parameter rungs: the program's own, by the severity of the loss, least first.
  public static func after(
    start found: LossRecord?, recorded: LossRecord?, rungs: [ProgramRung]
  ) -> LossRecord? {
    guard let found else { return recorded }
    guard let recorded else { return found }
    guard recorded.isOpen else {
      let isStanding = cost(of: found.rung, rungs) <= cost(of: RecoveryRung.secondFolder.description, rungs)
      if isStanding, found.lost.allSatisfy(recorded.lost.contains) { return recorded }
      var new = found
      // The state is still blank, and acknowledging it changed nothing.
      if recorded.blankState(rungs) == .isHeldUntilShown { new.blank = new.blank ?? recorded.blank }
      return new
    }
    return recorded.joined(by: found, rungs)
  }

  private func joined(by later: LossRecord, _ rungs: [ProgramRung]) -> LossRecord {
    var joined = later
    joined.at = at
    if Self.cost(of: rung, rungs) > Self.cost(of: later.rung, rungs) { joined.rung = rung }
    joined.lost = Array((lost + later.lost.filter { !lost.contains($0) }).prefix(Self.most))
    joined.files = Array((files + later.files.filter { !files.contains($0) }).prefix(Self.most))
    joined.blank = later.blank ?? blank
    return joined
  }

  /// Whether a state may not be marked as proven.
  ///
  /// - Parameter isBlank: whether the state shows nothing.
  public func holdsProof(whenBlank isBlank: Bool, rungs: [ProgramRung]) -> Bool {
    switch blankState(rungs) {
    case .isProvable: false
    case .isHeldUntilAcknowledged: isBlank && isOpen
    case .isHeldUntilShown: isBlank
    }
  }

  /// The record after a state that is not blank was stored. If being blank was the whole loss, it ends. Nil if nothing
  /// changes.
  public func afterShowing(at now: String, rungs: [ProgramRung]) -> LossRecord? {
    guard isOpen, blankState(rungs) == .isHeldUntilShown, rung == blank, lost.count == 1 else { return nil }
    return acknowledged(at: now)
  }

  /// The record after a state was proven; nil if nothing changes.
  public func afterProof() -> LossRecord? {
    guard blank != nil else { return nil }
    var proven = self
    proven.blank = nil
    return proven
  }

  public func acknowledged(at now: String) -> LossRecord {
    var record = self
    record.acknowledgedAt = acknowledgedAt ?? now
    return record
  }
}

// The external forms.
extension LossRecord {
  /// Health's member `loss`.
  public var json: JSONValue {
    [
      "at": .string(at), "rung": .string(rung), "lost": .array(lost.map { .string($0) }),
      "files": .array(files.map { .string($0) }), "command": .string(command),
    ]
  }

  /// The content of the file: the members of health's `loss`, and those that the rules need.
  public var storedJSON: JSONValue {
    .object(
      (json.objectValue ?? []) + [
        .init("darkness", blank.map { .string($0) } ?? .null),
        .init("acknowledgedAt", acknowledgedAt.map { .string($0) } ?? .null),
      ])
  }

  /// Nil if `json` is not a loss record.
  public init?(storedJSON json: JSONValue) {
    guard let at = json["at"]?.stringValue, let rung = json["rung"]?.stringValue, let lost = json["lost"]?.arrayValue,
      let command = json["command"]?.stringValue
    else { return nil }
    self.init(
      at: at, rung: rung, lost: lost.compactMap(\.stringValue),
      files: (json["files"]?.arrayValue ?? []).compactMap(\.stringValue), command: command,
      blank: json["darkness"]?.stringValue,
      acknowledgedAt: json["acknowledgedAt"]?.stringValue)
  }

  /// For operators, one line each.
  public var lines: [String] {
    ["since \(at) something is lost (\(rung)); it is not acknowledged yet"] + lost.map { "lost: \($0)" }
      + files.map { "look in: \($0)" } + ["type: \(command)"]
  }
}
