public import Documents

/// A loss that a start found, kept in the data folder until it is acknowledged, so that a restart does not hide it. A
/// value with its rules; `LossFile` stores it.
public struct LossRecord: Sendable, Equatable {
  /// A recovered state that renders nothing. It must not be marked as proven, because a black picture does not crash a
  /// host.
  public enum Darkness: String, Sendable, CaseIterable {
    /// Nothing could be read: the show is empty. It may be proven once the loss is acknowledged or a layer is on.
    case empty
    /// The crash-loop guard switched all layers off. The show may be proven only once a layer is on.
    case layersOff
  }

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
  /// Nil if the recovered state renders something.
  public var darkness: Darkness?
  /// When the loss was acknowledged, or ended by itself; nil until then. UTC, ISO 8601.
  public var acknowledgedAt: String?

  /// More sentences than an operator reads.
  public static let most = 50

  public init(
    at: String, rung: String, lost: [String], files: [String] = [], command: String, darkness: Darkness? = nil,
    acknowledgedAt: String? = nil
  ) {
    self.at = at
    self.rung = rung
    self.lost = lost
    self.files = files
    self.command = command
    self.darkness = darkness
    self.acknowledgedAt = acknowledgedAt
  }

  /// Whether each start must still announce it.
  public var isOpen: Bool { acknowledgedAt == nil }
}

// The rules, as pure functions.
extension LossRecord {
  /// Rungs by the severity of the loss, least first.
  private static let rungs = [
    "newest", "secondFolder", "predecessor", "older", "salvaged", "partial", "proven", "preset", "layersOff", "empty",
  ]

  private static func cost(of rung: String) -> Int { rungs.firstIndex(of: rung) ?? rungs.count }

  /// The record after a start.
  ///
  /// | recorded     | the start found | then                                                              |
  /// |--------------|-----------------|-------------------------------------------------------------------|
  /// | nothing      | nothing         | nothing                                                           |
  /// | a loss       | nothing         | the same loss: a good start does not undo it                      |
  /// | acknowledged | the same again  | acknowledged: on the first rungs nothing new was lost             |
  /// | acknowledged | a loss          | the new one                                                       |
  /// | open         | a loss          | both                                                              |
  public static func after(start found: LossRecord?, recorded: LossRecord?) -> LossRecord? {
    guard let found else { return recorded }
    guard let recorded else { return found }
    guard recorded.isOpen else {
      let isStanding = cost(of: found.rung) <= cost(of: "secondFolder")
      if isStanding, found.lost.allSatisfy(recorded.lost.contains) { return recorded }
      var new = found
      // The layers are still off.
      if recorded.darkness == .layersOff { new.darkness = new.darkness ?? .layersOff }
      return new
    }
    return recorded.joined(by: found)
  }

  private func joined(by later: LossRecord) -> LossRecord {
    var joined = later
    joined.at = at
    if Self.cost(of: rung) > Self.cost(of: later.rung) { joined.rung = rung }
    joined.lost = Array((lost + later.lost.filter { !lost.contains($0) }).prefix(Self.most))
    joined.files = Array((files + later.files.filter { !files.contains($0) }).prefix(Self.most))
    joined.darkness = later.darkness ?? darkness
    return joined
  }

  /// Whether a state may not be marked as proven.
  ///
  /// - Parameter isDark: whether the state renders nothing: no layer is enabled.
  public func holdsProof(whenDark isDark: Bool) -> Bool {
    switch darkness {
    case nil: false
    case .empty: isDark && isOpen
    case .layersOff: isDark
    }
  }

  /// The record after a state with an enabled layer was stored. If the loss consisted only of layers that were switched
  /// off, it ends. Nil if nothing changes.
  public func afterLight(at now: String) -> LossRecord? {
    guard isOpen, darkness == .layersOff, rung == Darkness.layersOff.rawValue, lost.count == 1 else { return nil }
    return acknowledged(at: now)
  }

  /// The record after a state was proven; nil if nothing changes.
  public func afterProof() -> LossRecord? {
    guard darkness != nil else { return nil }
    var proven = self
    proven.darkness = nil
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
        .init("darkness", darkness.map { .string($0.rawValue) } ?? .null),
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
      darkness: json["darkness"]?.stringValue.flatMap { Darkness(rawValue: $0) },
      acknowledgedAt: json["acknowledgedAt"]?.stringValue)
  }

  /// For operators, one line each.
  public var lines: [String] {
    ["since \(at) something is lost (\(rung)); it is not acknowledged yet"] + lost.map { "lost: \($0)" }
      + files.map { "look in: \($0)" } + ["type: \(command)"]
  }
}
