package import ControlIngress
package import DurableFiles
import RecoveryWorkbench

/// Reads one setting: the flag if it is given, else the environment variable, else the default.
package struct SettingReader {
  package let shared: EnvironmentSettings

  package init(environment: [String: String]) {
    shared = EnvironmentSettings { environment[$0] }
  }

  package func text(_ flag: String?, _ name: String) -> String? { shared.text(flag, name) }

  package func integer(
    _ flag: Int?, _ name: String, _ range: ClosedRange<Int>, default fallback: Int
  ) throws(HostFailure) -> Int {
    var value = flag ?? fallback
    let exit: ExitCode = flag == nil ? .config : .usage
    if flag == nil, let written = text(nil, name) {
      guard let number = Int(written) else {
        throw HostFailure(.config, "AFTERIMAGE_\(name) is \"\(written)\"; an integer is expected")
      }
      value = number
    }
    guard range.contains(value) else {
      throw HostFailure(
        exit, "\(spelling(name, exit)) is \(value); \(range.lowerBound) to \(range.upperBound) are allowed")
    }
    return value
  }

  package func address(_ flag: String?, _ name: String, default fallback: String) throws(HostFailure) -> ListenAddress {
    do {
      return try ListenAddress(text(flag, name) ?? fallback)
    } catch {
      let exit: ExitCode = flag == nil ? .config : .usage
      throw HostFailure(exit, "\(spelling(name, exit)): \(error)")
    }
  }

  package func word(_ flag: String?, _ name: String, _ words: [String]) throws(HostFailure) -> String? {
    guard let word = text(flag, name) else { return nil }
    guard words.contains(word) else {
      throw HostFailure(
        .config, "AFTERIMAGE_\(name) is \"\(word)\"; one of \(words.joined(separator: ", ")) is expected")
    }
    return word
  }

  package func flag(_ name: String) throws(HostFailure) -> Bool {
    ["1", "true", "yes"].contains(try word(nil, name, ["0", "1", "true", "false", "yes", "no"]) ?? "no")
  }

  private func spelling(_ name: String, _ exit: ExitCode) -> String {
    let flag = String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    return exit == .usage ? "--\(flag)" : "AFTERIMAGE_\(name)"
  }
}
