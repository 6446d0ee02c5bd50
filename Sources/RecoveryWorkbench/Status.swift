import Documents
import GenerationStore
import PersistenceMessages
import SQLiteConnection
import StudioState

extension Workbench {
  /// The running host's health, or `"persistence":null`, with the ring and the files' facts. Exit code 1 if the host is
  /// unhealthy, if the database can't be read, or if a loss is not acknowledged.
  public func status() async throws(ToolFailure) -> Answer {
    let folderFacts = try FolderFacts(folder)
    var members: [JSONValue.Member] = [.init("persistence", nil)]
    var lines: [String] = []
    var exit = ExitCode.fine
    let host = LivingHost.file(in: folder)
    var place = HostView(workbench: self)
    if let host {
      guard let client = host.client else {
        throw ToolFailure(.hostUnreachable, "\(folder)/host.json names no address that can be asked: \(host.http)")
      }
      let health = try await RunningHost(client: client).ask("GET", "health", timeout: .seconds(5)).json
      place = following(health, of: host)
      members = health.objectValue ?? members
      exit = Self.isUnhealthy(health) ? .found : .fine
      lines += ["host: process \(host.pid), \(TextTable.printable(host.http))"] + Self.lines(health)
      if Self.mustRun(health) { lines.append(Self.keepRunning) }
    } else {
      let holder = LockHolder.program(holding: folder)
      lines.append("host: none runs on \(folder)\(holder.map { "; \($0) has it in use" } ?? "")")
    }
    if let loss = openLoss {
      if host == nil { members.append(.init("loss", loss.json)) }
      lines += self.lines(of: loss)
      exit = .found
    } else if host == nil {
      members.append(.init("loss", nil))
    }
    var ring: RingStatus?
    var problem: String?
    if FileFacts(place.workbench.databasePath) != nil {
      do throws(ToolFailure) {
        ring = try place.workbench.reading { try $0.ringStatus() }
      } catch {
        guard error.exit != .permission else { throw error }
        problem = error.message
        exit = .found
      }
    }
    if let ring { lines.append(Self.line(ring)) }
    if let problem { lines.append("database: \(TextTable.printable(problem))") }
    members += [
      .init("ring", ring.map(Self.json) ?? .null), .init("problem", problem.map { .string($0) } ?? .null),
      .init("host", host?.json ?? .null), .init("dataDir", .string(folder)), .init("files", folderFacts.json),
      .init("head", HighWaterMark(folder: folder)?.json ?? .null),
    ]
    return Answer(.object(members), lines: lines + [""] + folderFacts.lines, notices: place.notices, exit: exit)
  }

  /// Whether the host has unsaved changes and can't store them, so that they exist in its memory only.
  static func mustRun(_ health: JSONValue) -> Bool {
    let persistence = health["persistence"]
    let fails = (persistence?["lastError"] ?? .null) != .null || isUnhealthy(health)
    return persistence?["unsavedChanges"] == true && fails
  }

  static let keepRunning =
    "DO NOT STOP THE HOST: its unsaved changes are in its memory only. To save them: afterimage export --to FILE"

  static func isUnhealthy(_ health: JSONValue) -> Bool {
    let state = health["persistence"]?["state"]?.stringValue ?? ""
    // The host's own status also considers the age of unsaved changes, because a stalling disk causes no failure.
    return health["status"] == "unhealthy" || ["failing", "readOnly", "stopped"].contains(state)
  }

  private static func json(_ ring: RingStatus) -> JSONValue {
    [
      "count": .int(Int64(ring.count)), "capacity": .int(Int64(ring.capacity)), "pinned": .int(Int64(ring.pinned)),
      "oldest": ring.oldest.map { .int($0) } ?? .null, "newest": ring.newest.map { .int($0) } ?? .null,
      "bytes": .int(ring.bytes),
    ]
  }

  private static func lines(_ health: JSONValue) -> [String] {
    guard let persistence = health["persistence"] else { return [] }
    let names = ["state", "unsavedChanges", "oldestUnsavedAgeMs", "storedGeneration", "lastStoredAt", "recoveredFrom"]
    var lines = names.compactMap { name in
      persistence[name].map { TextTable.printable("\(name): \($0.stringValue ?? CanonicalJSON.text($0))") }
    }
    if let message = persistence["lastError"]?["message"]?.stringValue {
      lines.append("lastError: \(TextTable.printable(message))")
    }
    return lines
  }

  static func line(_ ring: RingStatus) -> String {
    let ends = ring.oldest.flatMap { oldest in ring.newest.map { ", from \(oldest) to \($0)" } } ?? ""
    return "ring: \(ring.count) generations\(ends), \(ring.pinned) pinned, \(ring.bytes) bytes"
  }
}
