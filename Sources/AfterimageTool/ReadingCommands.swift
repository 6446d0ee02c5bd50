import ArgumentParser
import DurableFiles
import RecoveryWorkbench

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "The running host's health, and the files.")
  @OptionGroup var common: CommonOptions

  func run() async throws {
    common.print(try await common.workbench.status())
  }
}

struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "All generations, newest first.")
  @OptionGroup var common: CommonOptions
  @Flag(help: "Also why each of them stays, or why the next store prunes it.") var retention = false

  func run() async throws {
    try await common.read { try $0.list(withRetention: retention) }
  }
}

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "One generation and its state.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "A number, current, previous, proven, or a pin's label.") var generation: GenerationSelector

  func run() async throws {
    try await common.read { try $0.show(generation) }
  }
}

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What changed from one generation to another; exit code 1 when something did.")
  @OptionGroup var common: CommonOptions
  @Argument var from: GenerationSelector
  @Argument var to: GenerationSelector

  func run() async throws {
    try await common.read { try $0.diff(from, to) }
  }
}

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks a generation (default: current) or everything; exit code 1 when something is damaged.")
  @OptionGroup var common: CommonOptions
  @Argument var generation: GenerationSelector?
  @Flag(help: "Every generation, and the database's own structures.") var all = false

  func validate() throws {
    if all, generation != nil { throw ValidationError("Give a generation or --all, not both.") }
  }

  func run() async throws {
    try await common.read { try $0.verify(generation, all: all) }
  }
}

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a state to a new JSON file: what a running host has on air, or a generation.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "Without it, the state of now: the running host's, unsaved changes included, or the newest.")
  var generation: GenerationSelector?
  @Option(help: "The file, which must not exist; - for stdout.") var to: String

  func run() async throws {
    common.print(try await common.workbench.export(generation, to: to))
  }
}

struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Copies the whole database into one new file.")
  @OptionGroup var common: CommonOptions
  @Option(help: "The file; it must not exist.") var to: String

  func run() async throws {
    try await common.read { try $0.backUp(to: to) }
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
    common.print(
      try await common.workbench.doctor(
        fallback: CommonOptions.environment.fallbackFolder(fallbackDir)))
  }
}

struct Shell: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Opens sqlite3 on the database, read-only.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "One statement instead of a session.") var sql: String?

  func run() async throws {
    if sql == nil, common.output == .json { throw ValidationError("--output json needs a statement.") }
    let view = await common.workbench.followingHost()
    if let sql, common.output == .json {
      var answer = try view.workbench.shellAnswer(sql: sql)
      answer.notices += view.notices
      return common.print(answer)
    }
    for notice in view.notices { Output.message(notice) }
    let exit = try sql.map { try view.workbench.shell(sql: $0) } ?? view.workbench.shell()
    if exit != .fine { Output.exit(exit) }
  }
}
