import ArgumentParser
import RecoveryWorkbench

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "The running host's health, and the files.")
  @OptionGroup var common: CommonOptions

  func run() async throws {
    common.print(try await common.workbench.status())
  }
}

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "All generations, newest first.")
  @OptionGroup var common: CommonOptions
  @Flag(help: "Also why each of them stays, or why the next store prunes it.") var retention = false

  func run() throws {
    common.print(try common.workbench.list(withRetention: retention))
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "One generation and its state.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "A number, current, previous, proven, or a pin's label.") var generation: GenerationSelector

  func run() throws {
    common.print(try common.workbench.show(generation))
  }
}

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What changed from one generation to another; exit code 1 when something did.")
  @OptionGroup var common: CommonOptions
  @Argument var from: GenerationSelector
  @Argument var to: GenerationSelector

  func run() throws {
    common.print(try common.workbench.diff(from, to))
  }
}

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks a generation (default: current) or everything; exit code 1 when something is damaged.")
  @OptionGroup var common: CommonOptions
  @Argument var generation: GenerationSelector?
  @Flag(help: "Every generation, and the database's own structures.") var all = false

  func validate() throws {
    if all, generation != nil { throw ValidationError("Give a generation or --all, not both.") }
  }

  func run() throws {
    common.print(try common.workbench.verify(generation, all: all))
  }
}

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Writes a generation to a new JSON file.")
  @OptionGroup var common: CommonOptions
  @Argument var generation: GenerationSelector
  @Option(help: "The file; it must not exist.") var to: String

  func run() throws {
    common.print(try common.workbench.export(generation, to: to))
  }
}

struct Backup: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Copies the whole database into one new file.")
  @OptionGroup var common: CommonOptions
  @Option(help: "The file; it must not exist.") var to: String

  func run() throws {
    common.print(try common.workbench.backUp(to: to))
  }
}

struct Salvage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads what is whole out of a damaged database into a new data folder; the database is not touched.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The damaged state.db, or a log that is left alone.") var database: String
  @Option(help: "The new data folder; it must not exist.") var to: String

  func run() throws {
    common.print(try Salvaging(source: database, folder: to).run())
  }
}

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Examines the data folder and advises; changes nothing. Exit code 1 for damage and ill health.")
  @OptionGroup var common: CommonOptions
  @Option(help: "The host's second folder, to be examined too.") var fallbackDir: String?

  func run() async throws {
    common.print(try await common.workbench.doctor(fallback: fallbackDir))
  }
}

struct Shell: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Opens sqlite3 on the database, read-only.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "One statement instead of a session.") var sql: String?

  func run() throws {
    let exit: RecoveryWorkbench.ExitCode
    switch (sql, common.output) {
    case (nil, .json): throw ValidationError("--output json needs a statement.")
    case (nil, .table): exit = try common.workbench.shell()
    case (let sql?, .table): exit = try common.workbench.shell(sql: sql)
    case (let sql?, .json): return common.print(try common.workbench.shellAnswer(sql: sql))
    }
    if exit != .fine { Output.exit(exit) }
  }
}
