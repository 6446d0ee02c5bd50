import ArgumentParser
import Concurrency
import DurableSessions
import FoundationEssentials
import Studio

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The studio host: keeps the show on air and stores it in the background.
@main
struct AfterimageHost: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "afterimage-host", abstract: "Runs a live-video show and stores it as generations in the background.",
    version: StudioHost.version)

  @OptionGroup var options: HostOptions

  func run() async throws {
    // A write beyond RLIMIT_FSIZE or to a closed pipe is an error to report, not a death.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    umask(0o077)
    var exit = HostExit.fine
    do throws(HostFailure) {
      var settings = try HostSettings(options, environment: ProcessInfo.processInfo.environment)
      let journal = Journal(isJSON: settings.isJSONLog)
      settings.httpLimits = try OpenFileLimit.fit(settings.httpLimits, journal)
      exit = try await Self.run(settings, journal)
    } catch {
      Self.complain(error.description)
      exit = error.exit
    }
    throw ExitCode(exit.rawValue)
  }

  private static func run(_ settings: HostSettings, _ journal: Journal) async throws(HostFailure) -> HostExit {
    defer { journal.finish() }
    let host = try HostStart.start(settings, journal: journal)
    // Any end that the host itself comes to is one in good order.
    defer { host.studio.session.release() }
    return try await host.run()
  }

  private static func complain(_ message: String) {
    let line = Array("afterimage-host: \(message)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
