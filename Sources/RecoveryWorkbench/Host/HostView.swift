import Documents
import StudioState

/// The folder that a read command must use, and the message about it.
public struct HostView: Sendable {
  /// The folder in which the running host stores now, or the data folder if no host runs.
  public var workbench: Workbench
  /// For stderr.
  public var notices: [String] = []
  /// The running host's health; nil if no host runs or it does not answer.
  var health: JSONValue?
}

extension Workbench {
  /// The longest time that a read command waits for the host before it reads the folder itself.
  private static let patience = Duration.seconds(2)

  /// The other process that runs on the folder; nil when there is none, or when its address can't be asked.
  func runningHost() -> RunningHost? {
    LivingHost.file(in: folder).flatMap { RunningHost($0) }
  }

  /// Asks the running host for the folder in use, which is the second folder while the data folder can't be written.
  public func followingHost() async -> HostView {
    guard let file = LivingHost.file(in: folder), let host = RunningHost(file) else { return HostView(workbench: self) }
    do throws(ToolFailure) {
      let health = try await host.ask("GET", "health", timeout: Self.patience).json
      return following(health, of: file)
    } catch {
      return HostView(
        workbench: self,
        notices: ["\(host.name) does not answer. This is what lies in \(folder); the host may have a newer state."])
    }
  }

  func following(_ health: JSONValue, of file: HostFile) -> HostView {
    guard let second = health["persistence"]?["failover"]?["folder"]?.stringValue else {
      return HostView(workbench: self, health: health)
    }
    // The host's relative paths begin in its own working folder.
    let path = second.hasPrefix("/") ? second : "/proc/\(file.pid)/cwd/\(second)"
    return HostView(
      workbench: Workbench(folder: path, wallClock: wallClock),
      notices: [
        TextTable.printable(
          "\(folder) takes nothing now, and the host stores in \(second). This is what lies in \(second).")
      ], health: health)
  }
}

extension RunningHost {
  /// Nil when the file names no address that can be asked.
  init?(_ file: HostFile) {
    guard let client = file.client else { return nil }
    // The first version that writes its version here is the first one that knows deadlines.
    self.init(client: client, pid: file.pid, honoursDeadlines: file.json["version"] != nil)
  }
}
