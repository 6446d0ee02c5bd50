import ArgumentParser
import RecoveryWorkbench

struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Brings a backup back into the folder of a stopped host; what was there goes to quarantine.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "A file that backup wrote.") var file: String
  @Flag(help: "Don't ask.") var yes = false

  func run() throws {
    if !yes, try !Output.confirms("Put \(file) in the place of the show in \(common.workbench.folder)?") {
      Output.message("Nothing was changed.")
      return
    }
    common.print(try common.workbench.restore(file))
  }
}
