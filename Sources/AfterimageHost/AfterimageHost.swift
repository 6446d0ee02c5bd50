import ArgumentParser
import ControlIngress
import FoundationEssentials
import RecoveryWorkbench
import StudioHosting

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The studio host: keeps the show on air and stores it in the background. This target holds flags, signals, process
/// limits and the exit; the host itself is `StudioHosting`.
@main
struct AfterimageHost: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "afterimage-host", abstract: "Runs a live-video show and stores it as generations in the background.",
    version: ProgramVersion.current)

  @OptionGroup var options: HostOptions

  func run() async throws {
    // A write beyond RLIMIT_FSIZE or to a closed pipe is an error to report, not a death.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    umask(0o077)
    var exit = RecoveryWorkbench.ExitCode.fine
    do throws(HostFailure) {
      let launch = try HostLaunch(options, environment: ProcessInfo.processInfo.environment)
      exit = try await Self.run(launch, Journal(isJSON: launch.isJSONLog))
    } catch {
      Self.complain(error.description)
      exit = error.exit
    }
    throw ArgumentParser.ExitCode(exit.rawValue)
  }

  private static func run(
    _ launch: HostLaunch, _ journal: Journal
  ) async throws(HostFailure) -> RecoveryWorkbench.ExitCode {
    var settings = launch.settings
    settings.httpLimits = try OpenFileLimit.fit(settings.httpLimits, journal)
    defer { journal.finish() }
    let host = try StudioHost.start(settings, journal: journal)
    CrashTestPackage.abortIfLoaded(in: host.show, launch.crashTestPackage)
    return try await host.run(endingOn: EndingSignals.all(ignoresHangUp: EndingSignals.isHangUpIgnored))
  }

  private static func complain(_ message: String) {
    let line = Array("afterimage-host: \(message)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
