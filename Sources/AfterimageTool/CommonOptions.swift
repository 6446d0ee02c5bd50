import ArgumentParser
import RecoveryWorkbench

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct CommonOptions: ParsableArguments {
  @Option(help: "The data folder (default: $STATE_DIRECTORY, else ./afterimage-data).")
  var dataDir: String?

  @Option(help: "table for people, json for programs.")
  var output = OutputFormat.table

  var workbench: Workbench {
    // systemd names several folders with colons between them; the first is the state's.
    let given = getenv("STATE_DIRECTORY").map { String(cString: $0) }?.split(separator: ":").first.map(String.init)
    return Workbench(folder: dataDir ?? given ?? "./afterimage-data")
  }

  func print(_ answer: Answer) {
    Output.print(answer, output)
  }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json
}
