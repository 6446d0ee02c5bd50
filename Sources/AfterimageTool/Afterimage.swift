import ArgumentParser
import RecoveryWorkbench

/// Entry and exit: commands print through ``Output``, and every ending has its number.
@main
struct Afterimage: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "afterimage",
    abstract: "Looks at a show's stored generations and brings them back.",
    discussion: """
      GEN is a number, current, previous, proven, or a pin's label. Reading works beside a running host, without one, \
      and on read-only media; what changes something goes through the host while one runs.
      """,
    version: ProgramVersion.current,
    subcommands: [
      Status.self, List.self, Show.self, Diff.self, Verify.self, Rollback.self, Pin.self, Unpin.self, Export.self,
      Import.self, Backup.self, Restore.self, Salvage.self, Doctor.self, Acknowledge.self, Shell.self,
    ])

  /// Here only so that help shows them and they may stand before the command: see ``ArgumentOrder``.
  @OptionGroup var common: CommonOptions

  static func main() async {
    let arguments = ArgumentOrder.withCommonOptionsLast(Array(CommandLine.arguments.dropFirst()))
    let format = OutputFormat(askedForIn: arguments)
    do {
      var command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as ToolFailure {
      Output.fail(failure, format)
    } catch {
      // Help ends with 0, usage errors with 64 (EX_USAGE).
      guard format == .json, exitCode(for: error) != .success else { exit(withError: error) }
      Output.fail(ToolFailure(.usage, message(for: error), remedy: "See: afterimage help"), format)
    }
  }
}
