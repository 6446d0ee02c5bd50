/// Counts the starts in a row that have neither ended cleanly nor lasted for the proving time. Pure.
public struct StartTally: Sendable, Equatable {
  /// Includes the current start.
  public var starts: Int
  /// The boot of the newest start (``BootID``); nil if the system does not report it.
  public var boot: String?
  /// The limit of the host that counted, from which other programs predict its next start; nil if unknown.
  public var limit: Int?

  public init(starts: Int, boot: String? = nil, limit: Int? = nil) {
    self.starts = starts
    self.boot = boot
    self.limit = limit
  }

  /// Crashes in a row, as the next start counts them. Under another boot the newest start ended with the machine, by a
  /// power cut or a reset, which is no evidence about the show. Such an end is neither counted nor resets the count.
  ///
  /// - Parameter current: the current boot; nil if the system does not report it.
  public func crashes(underBoot current: String?) -> Int {
    guard let boot, let current, boot != current else { return starts }
    return max(0, starts - 1)
  }

  /// The tally after another start began.
  public func counting(underBoot current: String?, limit: Int) -> StartTally {
    StartTally(starts: crashes(underBoot: current) + 1, boot: current, limit: limit)
  }
}
