import ArgumentParser
import DurableFiles
import RecoveryWorkbench

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct CommonOptions: ParsableArguments {
  @Option(
    help:
      "The data folder (default: $AFTERIMAGE_DATA_DIR, else the first folder of $STATE_DIRECTORY, else ./afterimage-data)."
  )
  var dataDir: String?

  @Option(help: "table for people, json for programs.")
  var output = OutputFormat.table

  /// The settings of the host, read as the host reads them.
  static let environment = EnvironmentSettings { name in getenv(name).map { String(cString: $0) } }

  var workbench: Workbench { Workbench(folder: Self.environment.dataFolder(dataDir)) }

  /// For the commands that only look: runs `body` on the folder that the running host stores in now.
  func read(_ body: (Workbench) throws -> Answer) async throws {
    let view = await workbench.followingHost()
    var answer = try body(view.workbench)
    answer.notices = view.notices + answer.notices
    print(answer)
  }

  func print(_ answer: Answer) {
    Output.print(answer, output)
  }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json

  /// The form that the arguments ask for, also when they can't be parsed.
  init(askedForIn arguments: [String]) {
    let options = arguments.prefix { $0 != "--" }
    let follows = zip(options, options.dropFirst()).contains { $0 == "--output" && $1 == "json" }
    self = follows || options.contains("--output=json") ? .json : .table
  }
}
