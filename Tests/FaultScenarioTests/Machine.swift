import Foundation
import HostHarness

/// What a test needs of the machine that not every machine has.
enum Machine {
  /// Whether the programs are installed and, if asked for, the test runs as root. Without them it says so, loudly, and
  /// the test has nothing to show.
  static func offers(_ programs: [String], asRoot: Bool = false, _ test: String = #function) -> Bool {
    for program in programs where Program.path(of: program) == nil {
      return skip("\(program) is not installed", test)
    }
    if asRoot, getuid() != 0 { return skip("it needs root", test) }
    return true
  }

  /// Always false: for what only trying can tell.
  static func skip(_ reason: String, _ test: String = #function) -> Bool {
    print("SKIPPED: \(test): \(reason)")
    return false
  }
}
