import Documents
import DurableFiles
import GenerationStore
import SQLiteConnection
import StudioState

// What runs: the host, those who hold locks, how the last runs ended, the second folder.
extension Diagnosis {
  mutating func lookAtHost() {
    var members = facts.host?.json.objectValue ?? []
    members.append(.init("running", .bool(facts.isHostRunning)))
    switch facts.health {
    case .none:
      let program = facts.program.map { "; \($0) has the folder in use" } ?? ""
      note("host", facts.host == nil ? nil : .object(members), "host", "none runs\(program)")
      if let host = facts.host {
        advise(
          .hint, "host.json tells of process \(host.pid), which does not hold the folder",
          why: "The host was killed or the machine went down; the next start replaces the file.")
      }
    case .silent(let reason):
      note(
        "host", .object(members), "host", "process \(facts.host.map { "\($0.pid)" } ?? "?") does not answer: \(reason)")
      advise(
        .unhealthy, "the host runs and does not answer", why: reason,
        command: facts.host.map { "ps -o pid,stat,etime,wchan:32,args -p \($0.pid)" })
    case .answered(let health):
      members.append(.init("health", health))
      let state = health["persistence"]?["state"]?.stringValue ?? "unknown"
      note(
        "host", .object(members), "host",
        "process \(facts.host.map { "\($0.pid)" } ?? "?"), \(facts.host?.http ?? ""), \(state)")
      judge(health, state)
    }
  }

  private mutating func judge(_ health: JSONValue, _ state: String) {
    let error = health["persistence"]?["lastError"]
    let age = (health["persistence"]?["oldestUnsavedAgeMs"]?.intValue ?? 0) / 1000
    let words = error?["message"]?.stringValue ?? "It does not say why."
    let remedy = error?["remedy"]?.stringValue.map { " \($0)" } ?? ""
    if Workbench.isUnhealthy(health) {
      advise(
        .unhealthy, "the host can't store (\(state)); changes of \(age) s are unsaved",
        why: "\(words).\(remedy) Keep the host running: the show is in its memory.", command: "\(tool) status")
    } else if state == "retrying" {
      advise(.warning, "the host could not store and tries again", why: "\(words).\(remedy)", command: "\(tool) status")
    }
  }

  mutating func lookAtLocks() {
    let locks = facts.locks
    let names = { (holders: [LockHolder]) in JSONValue.array(holders.map { .string($0.description) }) }
    let words = { (holders: [LockHolder]) in holders.map(\.description).joined(separator: ", ") }
    let folderHolder =
      !locks.areTold
      ? "the system does not tell; host.lock says \(locks.written ?? "nothing")"
      : locks.folder.isEmpty ? "free" : "held by \(words(locks.folder))"
    note(
      "locks",
      [
        "areTold": .bool(locks.areTold), "folder": names(locks.folder),
        "written": locks.written.map { .string($0) } ?? .null, "opened": names(locks.opened),
        "writers": names(locks.writers), "checkpointers": names(locks.checkpointers), "readers": names(locks.readers),
      ],
      "locks", "host.lock: \(folderHolder)",
      locks.opened.isEmpty ? "database: open in no other process" : "database: open in \(words(locks.opened))",
      locks.writers.isEmpty ? "" : "writing: \(words(locks.writers))",
      locks.readers.isEmpty ? "" : "reading: \(words(locks.readers))")
    let owners = Set(locks.folder.map(\.pid))
    if let stranger = locks.writers.first(where: { !owners.contains($0.pid) }) {
      advise(
        .unhealthy, "\(stranger) holds the database's write lock",
        why: "Nothing can be stored until it ends its transaction.",
        command: "ps -o pid,user,etime,args -p \(stranger.pid)")
    }
  }

  mutating func lookAtRuns() {
    var runs = content?.runs ?? []
    let isRunning = facts.isInUse
    let words = { (run: HostRun) in
      let ending = run.ending == .running && !isRunning ? "unclean" : run.ending.rawValue
      return "\(run.run) \(ending)\(run.generation.map { " on \($0)" } ?? "")"
    }
    note(
      "runs", .array(runs.map(\.json)), "last runs",
      runs.isEmpty ? "none" : runs.prefix(5).map(words).joined(separator: ", "))
    // The one that goes on has not ended in any way yet.
    if isRunning, runs.first?.ending == .running { runs.removeFirst() }
    let outlook = CrashLoopOutlook(
      runs, content?.generations ?? [], starts: facts.starts, boot: facts.boot, isRunning: isRunning)
    note("crashLoop", outlook.json, "crash loop", outlook.words)
    guard let proven = outlook.wouldLoad, let current = content?.generations.first?.generation else { return }
    advise(
      .warning, "the last \(outlook.crashes) runs crashed within their proving time",
      why: "The next start loads generation \(proven). See what has changed since.",
      command: "\(tool) diff \(proven) \(current)")
  }

  mutating func lookAtFallback() {
    guard let fallback = facts.fallback else { return }
    let newest = fallback.newest.map { "up to generation \($0)" } ?? fallback.problem ?? "without a generation"
    note(
      "fallback",
      [
        "folder": .string(fallback.folder), "exists": .bool(fallback.exists),
        "fileSystem": fallback.fileSystem.map { json($0) } ?? .null,
        "newest": fallback.newest.map { .int($0) } ?? .null, "problem": fallback.problem.map { .string($0) } ?? .null,
      ],
      "fallback", "\(fallback.folder): \(fallback.exists ? newest : "does not exist")",
      fallback.fileSystem.map { "\($0.type ?? "unknown"), \(bytesInWords($0.freeBytes)) free" } ?? "")
    judge(fallback)
  }

  private mutating func judge(_ fallback: DoctorFacts.Fallback) {
    guard fallback.exists else {
      return advise(
        .warning, "the fallback folder does not exist", why: "When the first disk fails there is nowhere to store.",
        command: "mkdir -m 700 \(quoted(fallback.folder))")
    }
    if let system = fallback.fileSystem, system.device == facts.fileSystem?.device {
      advise(
        .warning, "the fallback folder lies on the same file system", why: "It fails together with the first.")
    }
    if fallback.fileSystem?.isReadOnly ?? false {
      advise(.warning, "the fallback folder can't be written", why: "Its file system is read-only.")
    }
    if let problem = fallback.problem {
      advise(
        .damage, "the database in the fallback folder can't be read", why: problem,
        command: "afterimage salvage \(quoted(DataFolderLayout(fallback.folder).database)) --to NEW_FOLDER")
    }
    let newest = content?.generations.first?.generation ?? 0
    if let newer = fallback.newest, newer > newest {
      advise(
        .warning, "the fallback folder holds generation \(newer), the data folder \(newest)",
        why: "The newest state is in the fallback folder.",
        command: "afterimage --data-dir \(quoted(fallback.folder)) list")
    }
  }

  func json(_ system: FileSystemFacts) -> JSONValue {
    let text = { (value: String?) in value.map { JSONValue.string($0) } ?? .null }
    return [
      "type": text(system.type), "mountPoint": text(system.mountPoint), "source": text(system.source),
      "options": .array(system.options.map { .string($0) }), "network": .bool(system.isNetwork),
      "readOnly": .bool(system.isReadOnly), "freeBytes": .int(system.freeBytes), "totalBytes": .int(system.totalBytes),
      "freeInodes": system.freeInodes.map { .int($0) } ?? .null,
    ]
  }
}
