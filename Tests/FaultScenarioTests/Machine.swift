import Foundation
import HostHarness
import Testing

/// A requirement of a test that not every machine meets.
enum Machine {
  /// For `.enabled(if:)` where ``Trait/needs(_:asRoot:sourceLocation:)`` does not fit.
  static func offers(_ programs: [String], asRoot: Bool = false) -> Bool { lack(of: programs, asRoot: asRoot) == nil }

  /// A description of what this machine lacks; nil if nothing is missing.
  static func lack(of programs: [String], asRoot: Bool) -> String? {
    for program in programs where Program.path(of: program) == nil { return "\(program) is not installed" }
    return asRoot && getuid() != 0 ? "the test must run as root" : nil
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test, with the reason in the report, on a machine without these programs.
  ///
  /// What only trying can show, such as a free loop device, ends the test by `Test.cancel`, which is reported as well.
  static func needs(
    _ programs: [String], asRoot: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Self {
    let lack = Machine.lack(of: programs, asRoot: asRoot)
    return .enabled(
      if: lack == nil, Comment(rawValue: lack ?? "all programs are installed"), sourceLocation: sourceLocation)
  }
}
