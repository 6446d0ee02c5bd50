/// How many starts in a row have neither ended in order nor lasted for the proving time, and where they were counted. Pure.
public struct StartTally: Sendable, Equatable {
  /// The start that goes on is counted.
  public var starts: Int
  /// Which boot of the machine the newest of them belongs to (``BootID``); nil when the system does not tell.
  public var boot: String?
  /// The limit of the host that counted, so that others can tell what its next start will do; nil when it is not known.
  public var limit: Int?

  public init(starts: Int, boot: String? = nil, limit: Int? = nil) {
    self.starts = starts
    self.boot = boot
    self.limit = limit
  }

  /// Crashes in a row, as the next start counts them. Under another boot the newest start ended with the machine, by a
  /// power cut or a reset: that says nothing about the show. Such an end is not counted, and does not end the row.
  ///
  /// - Parameter current: the boot of now; nil when the system does not tell.
  public func crashes(underBoot current: String?) -> Int {
    guard let boot, let current, boot != current else { return starts }
    return max(0, starts - 1)
  }

  /// A start begins.
  public func counting(underBoot current: String?, limit: Int) -> StartTally {
    StartTally(starts: crashes(underBoot: current) + 1, boot: current, limit: limit)
  }
}
