import ArgumentParser
import ControlIngress
import DurableFiles
import DurableSessions
import FoundationEssentials
import RecoveryWorkbench
import SQLiteConnection
import Studio
import StudioHosting

/// The flags of the host. Each can be given as an environment variable as well: `--max-delay-ms` as
/// `AFTERIMAGE_MAX_DELAY_MS`; the flag counts more.
struct HostOptions: ParsableArguments {
  enum LogFormat: String, ExpressibleByArgument {
    case text, json
  }

  enum DurabilityFlag: String, ExpressibleByArgument {
    case full, normal
  }

  @Option(help: "The data folder. Default: the first folder of $STATE_DIRECTORY, else ./afterimage-data.")
  var dataDir: String?
  @Option(help: "Address for OSC over UDP; port 0 picks a free one. Default: 127.0.0.1:9000.")
  var osc: String?
  @Option(help: "Address for HTTP; port 0 picks a free one. Default: 127.0.0.1:8080.")
  var http: String?
  @Option(help: "Folder of shader packages (*.fs). Default: packages in the data folder.")
  var packages: String?
  @Option(help: "A second folder, on another disk, to store in while the data folder takes nothing. Default: none.")
  var fallbackDir: String?

  @Option(help: "Newest generations that are kept, 8 to 4096. Default: 64.")
  var ring: Int?
  @Option(help: "Quiet time before a store, 0 to 60000. Default: 250.")
  var debounceMs: Int?
  @Option(help: "Longest wait of a change for its store, 0 to 60000. Default: 2000.")
  var maxDelayMs: Int?
  @Option(help: "Longest flush at the end, 0 to 60000. Default: 3000.")
  var shutdownBudgetMs: Int?
  @Option(help: "full: every stored generation survives a power cut. normal: the last ones may not. Default: full.")
  var durability: DurabilityFlag?
  @Option(help: "Time after which the generation that is on air counts as proven, 1 to 3600. Default: 30.")
  var provingSeconds: Int?
  @Option(
    help: "Unclean ends in a row, on a generation not proven, that roll back to the proven one; 0: never. Default: 3.")
  var crashLoopLimit: Int?
  @Option(help: "text: lines for people on stderr. json: one object a line on stdout. Default: text.")
  var logFormat: LogFormat?
  @Flag(help: "Begin with a small moving show when the data folder is empty.")
  var demo = false
  @Flag(help: "Allow a data folder on a network file system, where locks and syncs may lie.")
  var allowNetworkFileSystem = false
}

/// The options with defaults and environment filled in and bounds checked.
struct HostLaunch: Sendable {
  var settings: HostSettings
  var isJSONLog: Bool
  /// See ``CrashTestPackage``.
  var crashTestPackage: String?

  /// - Throws: ``HostFailure`` with the exit code for unusable flags (64) or environment (78).
  init(_ options: HostOptions, environment: [String: String]) throws(HostFailure) {
    let values = SettingReader(environment: environment)
    let folder = values.shared.dataFolder(options.dataDir)
    settings = HostSettings(
      StudioOptions(folder: folder),
      osc: try values.address(options.osc, "OSC", default: "127.0.0.1:9000"),
      http: try values.address(options.http, "HTTP", default: "127.0.0.1:8080"))
    settings.studio.packagesFolder = values.text(options.packages, "PACKAGES")
    settings.studio.session.program = "afterimage-host"
    settings.studio.session.secondFolder = values.shared.fallbackFolder(options.fallbackDir)
    guard settings.studio.session.secondFolder != folder else {
      throw HostFailure(
        options.fallbackDir == nil ? .config : .usage, "the fallback folder is the data folder itself; name another one"
      )
    }
    try settings.readTimes(options, values)
    // Another boot, to try power losses with (see `BootID`).
    if let boot = values.text(nil, "CRASH_TEST_BOOT") { settings.studio.session.boot = boot }
    crashTestPackage = values.text(nil, "CRASH_TEST_PACKAGE")
    isJSONLog = try values.word(options.logFormat?.rawValue, "LOG_FORMAT", ["text", "json"]) == "json"
    let isDemo = try values.flag("DEMO")
    settings.studio.isDemo = options.demo || isDemo
    let allowsUnsafe = try values.flag("ALLOW_NETWORK_FILE_SYSTEM")
    settings.studio.session.allowsUnsafeFileSystem = options.allowNetworkFileSystem || allowsUnsafe
  }
}

extension HostSettings {
  fileprivate mutating func readTimes(_ options: HostOptions, _ values: SettingReader) throws(HostFailure) {
    studio.session.ring = try values.integer(options.ring, "RING", 8...4096, default: 64)
    studio.session.debounce = .milliseconds(
      try values.integer(options.debounceMs, "DEBOUNCE_MS", 0...60_000, default: 250))
    studio.session.maxDelay = .milliseconds(
      try values.integer(options.maxDelayMs, "MAX_DELAY_MS", 0...60_000, default: 2000))
    shutdownBudget = .milliseconds(
      try values.integer(options.shutdownBudgetMs, "SHUTDOWN_BUDGET_MS", 0...60_000, default: 3000))
    let durability = try values.word(options.durability?.rawValue, "DURABILITY", ["full", "normal"])
    studio.session.durability = durability == "normal" ? .normal : .full
    studio.session.provingTime = .seconds(
      try values.integer(options.provingSeconds, "PROVING_SECONDS", 1...3600, default: 30))
    // Twice as many runs have to be remembered, of which the database keeps 100.
    studio.session.crashLoopLimit = try values.integer(options.crashLoopLimit, "CRASH_LOOP_LIMIT", 0...50, default: 3)
  }
}
