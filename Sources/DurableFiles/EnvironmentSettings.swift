/// Settings from flags and the environment, read in the same way by the host and the recovery tool.
///
/// A flag takes precedence over its variable `AFTERIMAGE_NAME`. An empty text counts as absent.
public struct EnvironmentSettings: Sendable {
  private let variable: @Sendable (String) -> String?

  /// - Parameter variable: returns the value of an environment variable; nil if it is not set.
  public init(_ variable: @escaping @Sendable (String) -> String?) {
    self.variable = variable
  }

  /// The flag if it is given, otherwise the variable `AFTERIMAGE_NAME`; nil if neither is set.
  public func text(_ flag: String?, _ name: String) -> String? {
    (flag ?? variable("AFTERIMAGE_\(name)")).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The data folder: `--data-dir`, `AFTERIMAGE_DATA_DIR`, systemd's `STATE_DIRECTORY`, or `./afterimage-data`.
  public func dataFolder(_ flag: String?) -> String {
    text(flag, "DATA_DIR") ?? stateFolder ?? "./afterimage-data"
  }

  /// The second folder: `--fallback-dir` or `AFTERIMAGE_FALLBACK_DIR`; nil if there is none.
  public func fallbackFolder(_ flag: String?) -> String? {
    text(flag, "FALLBACK_DIR")
  }

  /// systemd separates several folders by colons (systemd.exec(5)); the first one is the data folder.
  private var stateFolder: String? {
    variable("STATE_DIRECTORY")?.split(separator: ":").first.map(String.init)
  }
}
