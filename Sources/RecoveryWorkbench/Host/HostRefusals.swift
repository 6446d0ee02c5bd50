import Documents
import HostClient
import StudioState

// Messages for the operator about a refusal or a missing answer of the host.
extension RunningHost {
  /// The failure for a changing request without an answer: states only what is certain.
  func silence(_ problem: HostRequestFailure) -> ToolFailure {
    if problem.code == .noConnection {
      return ToolFailure(
        .hostUnreachable, "\(problem). Nothing was changed.", remedy: "Look at the host's journal; repeat the command.")
    }
    let isStopped = pid.flatMap { ProcessFacts(of: $0) }?.state == "T"
    let cause =
      isStopped ? "\(name) does not answer: a signal has stopped it." : "\(name) does not answer: \(problem.detail)."
    let certain =
      honoursDeadlines
      ? "It will not act on the request any more. If it did so in time, this shows it: afterimage list."
      : "It is of an earlier version and may still act on the request later."
    let remedy = isStopped ? "To let it go on: kill -CONT \(pid ?? 0)." : "Look at the host's journal."
    return ToolFailure(
      .hostUnreachable, "\(cause) \(certain)",
      remedy: "\(remedy) Do not end the host: what it has not stored is in its memory only.")
  }

  static func failure(_ status: Int, _ json: JSONValue) -> ToolFailure {
    let code = json["error"]?["code"]?.stringValue ?? ""
    let message = json["error"]?["message"]?.stringValue
    let isUnsaved = status == 503 || status == 504
    let words =
      message.map { "The host refused: \($0)" }
      ?? (isUnsaved
        ? "The host has done it and could not store it yet. Do not stop the host. See: afterimage status"
        : "The host answered \(status).")
    let exit: ExitCode =
      switch (code, status) {
      case ("damaged", _): .found
      case ("busy", _), ("deadlinePassed", _), (_, 503), (_, 504): .busy
      case ("readOnly", _): .permission
      case ("badContent", _): .corruptInput
      case (_, 404): .noInput
      case (_, 400..<500): .usage
      default: .io
      }
    return ToolFailure(exit, TextTable.printable(words))
  }
}
