import ArgumentParser
import RecoveryWorkbench
import StudioState

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Brings a generation back as a new one; nothing is destroyed.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "A number, current, previous, proven, or a pin's label.") var generation: GenerationSelector
  @Option(help: "layer:ID brings back that layer alone.") var only: OnlyLayer?
  @Flag(help: "Only say what would change.") var dryRun = false
  @Flag(help: "Don't ask.") var yes = false
  @Flag(help: "Also when the running host can't store first what is unsaved.") var force = false

  func run() async throws {
    if !dryRun, !yes, try !Output.confirms("Roll back to \(generation)?") {
      Output.message("Nothing was changed.")
      return
    }
    common.print(
      try await common.workbench.rollBack(to: generation, only: only?.layer, isDryRun: dryRun, isForced: force))
  }
}

/// `layer:ID`.
struct OnlyLayer: ExpressibleByArgument {
  var layer: LayerID

  init?(argument: String) {
    guard argument.hasPrefix("layer:"), let layer = LayerID(String(argument.dropFirst(6))) else { return nil }
    self.layer = layer
  }
}

struct Pin: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Keeps a generation under a label until it is unpinned.")
  @OptionGroup var common: CommonOptions
  @Argument var generation: GenerationSelector
  @Option(help: "1 to 64 bytes; no number.") var label: String

  func run() async throws {
    common.print(try await common.workbench.pin(generation, label: label))
  }
}

struct Unpin: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Lets a generation go with the ring again.")
  @OptionGroup var common: CommonOptions
  @Argument var generation: GenerationSelector

  func run() async throws {
    common.print(try await common.workbench.unpin(generation))
  }
}

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stores an exported state as a new generation; on air at once when a host runs.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "A file that export wrote.") var file: String
  @Flag(help: "Also when the running host can't store first what is unsaved.") var force = false

  func run() async throws {
    common.print(try await common.workbench.importing(file, isForced: force))
  }
}

struct Acknowledge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Notes that you have seen what a start lost; health, page and journal stop announcing it.")
  @OptionGroup var common: CommonOptions

  func run() async throws {
    common.print(try await common.workbench.acknowledge())
  }
}
