import DurableFiles
import GenerationStore
import StudioState

extension Workbench {
  /// Looks at everything that has ever been in the way of a show, and advises. Changes nothing.
  public func doctor() throws(ToolFailure) -> Answer {
    let facts = try FolderFacts(folder)
    var examination = Examination(folder: folder)
    examination.look(at: facts)
    examination.look(at: SQLiteVersion.running)
    examination.look(at: HostFile(folder: folder))
    if facts.files.contains(where: { $0.name == "state.db" }) { examination.look(into: self) }
    return examination.answer
  }
}

private struct Examination {
  let folder: String
  private var members: [JSONValue.Member] = []
  private var lines: [String] = []
  private var advice: [String] = []
  /// Advice is no damage; damage makes the exit code 1.
  private var isDamaged = false

  init(folder: String) {
    self.folder = folder
  }

  var answer: Answer {
    let all = members + [.init("advice", .array(advice.map { .string($0) })), .init("ok", .bool(!isDamaged))]
    let advised = advice.isEmpty ? ["nothing to advise"] : advice.map { "advice: \($0)" }
    return Answer(.object(all), lines: lines + advised, exit: isDamaged ? .found : .fine)
  }

  mutating func look(at facts: FolderFacts) {
    note("files", facts.json, facts.lines)
    note("folderMode", .string(facts.folder.modeWords), ["folder: \(folder), mode \(facts.folder.modeWords)"])
    if facts.folder.mode & 0o077 != 0 { advice.append("others may look into \(folder): chmod 700 \(folder)") }
    for file in facts.files where file.facts.mode & 0o077 != 0 {
      advice.append("others may read \(file.name): chmod 600 \(folder)/\(file.name)")
    }
    let names = facts.files.map(\.name)
    if !names.contains("state.db") {
      advice.append(
        names.contains("state.db-wal")
          ? "there is a log without its database: don't start the host before both are copied elsewhere"
          : "there is no database; the host makes one at its start")
    }
    note("quarantine", .array(facts.quarantined.map { .string($0) }), [])
    if !facts.quarantined.isEmpty {
      lines.append("quarantine: \(facts.quarantined.map(TextTable.printable).joined(separator: ", "))")
      advice.append("what was damaged lies in \(folder)/quarantine; see: afterimage salvage DATABASE --to DIR")
    }
  }

  mutating func look(at version: SQLiteVersion?) {
    note("sqlite", version.map { .string("\($0)") } ?? .null, ["SQLite: \(version.map { "\($0)" } ?? "unknown")"])
    note("walResetBug", .bool(version?.hasWALResetBug ?? true), [])
    guard version?.hasWALResetBug ?? true else { return }
    lines.append(
      "this SQLite has the WAL-reset bug (fixed in 3.51.3, 3.50.7 and 3.44.6): one connection that commits while "
        + "another checkpoints can damage the database. Afterimage is not concerned: one connection does both.")
    advice.append("let no other program write to state.db or checkpoint it: open it with sqlite3 -readonly only")
  }

  mutating func look(at host: HostFile?) {
    let holder = Self.lockHolder(in: folder)
    note("host", host?.json ?? .null, [])
    let holderWords = holder ?? "held by nobody, as far as its file tells"
    note("lockHolder", holder.map { .string($0) } ?? .null, ["lock: \(holderWords)"])
    if let host, !host.isAlive {
      advice.append(
        "host.json tells of process \(host.pid), which is gone: the host was killed; its next start clears it")
    }
  }

  mutating func look(into workbench: Workbench) {
    do throws(ToolFailure) {
      let (ring, problems, damaged, head) = try workbench.reading { reader in
        let generations = try reader.list().map(\.generation)
        return (
          try reader.ringStatus(), try reader.integrityProblems(), try generations.flatMap { try reader.verify($0) },
          generations.first
        )
      }
      note("ring", Self.json(ring), [Workbench.line(ring)])
      note("integrity", .array(problems.map { .string($0) }), problems.map { "database: \($0)" })
      note("damaged", .array(damaged.map(\.json)), damaged.map { TextTable.printable($0.description) })
      if !problems.isEmpty || !damaged.isEmpty {
        isDamaged = true
        advice.append("stop the host, copy \(folder) elsewhere, then: afterimage salvage \(folder)/state.db --to DIR")
      }
      compare(head ?? 0)
    } catch {
      isDamaged = true
      lines.append("database: \(error.message)")
      advice.append("copy \(folder) elsewhere, then: afterimage salvage \(folder)/state.db --to DIR")
    }
  }

  /// The database may be clean and older than what was stored: then a log was lost.
  private mutating func compare(_ newest: Int64) {
    let mark = HeadNote(folder: folder)
    let words = mark.map { "generation \($0.generation)" } ?? "none"
    note("highWaterMark", mark?.json ?? .null, ["high-water mark: \(words)"])
    if let mark, mark.generation > newest {
      isDamaged = true
      advice.append(
        "generation \(mark.generation) was stored once and the newest is \(newest): look for a state.db-wal that was "
          + "left behind when the folder was copied")
    }
  }

  private mutating func note(_ name: String, _ json: JSONValue, _ words: [String]) {
    members.append(.init(name, json))
    lines += words
  }

  private static func json(_ ring: RingStatus) -> JSONValue {
    [
      "count": .int(Int64(ring.count)), "capacity": .int(Int64(ring.capacity)), "pinned": .int(Int64(ring.pinned)),
      "oldest": ring.oldest.map { .int($0) } ?? .null, "newest": ring.newest.map { .int($0) } ?? .null,
      "bytes": .int(ring.bytes),
    ]
  }

  /// From the lock's file alone: to try the lock itself could turn away a host that starts at this moment.
  private static func lockHolder(in folder: String) -> String? {
    guard let bytes = (try? DurableFile.read("\(folder)/host.lock", limit: 4096)) ?? nil else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    guard let pid = words.first.flatMap({ Int32($0) }), ProcessNumber(pid).isAlive else { return nil }
    return TextTable.printable("\(words.count > 1 ? words[1] : "a program") (process \(pid))")
  }
}
