import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import SQLiteConnection
import StudioState

// Versions, the database itself, its log, and the mark that tells whether something is missing.
extension Diagnosis {
  mutating func lookAtVersions() {
    let known = DatabaseFacts.newestKnownSchema
    let schema = content?.facts.schema
    let hasBug = facts.sqlite?.hasWALResetBug ?? true
    let sqlite = facts.sqlite.map { "\($0)" } ?? "unknown"
    note(
      "versions",
      [
        "afterimage": .string(ProgramVersion.current), "sqlite": .string(sqlite), "walResetBug": .bool(hasBug),
        "schema": schema.map { .int($0) } ?? .null, "knownSchema": .int(known),
      ],
      "versions",
      "Afterimage \(ProgramVersion.current), SQLite \(sqlite)\(hasBug ? " (has the WAL-reset bug)" : ""), schema "
        + "\(schema.map { "\($0)" } ?? "none") of \(known)")
    if hasBug {
      advise(
        .hint, "SQLite \(sqlite) has the WAL-reset bug (fixed in 3.51.3, 3.50.7 and 3.44.6)",
        why: "A connection that commits while another one checkpoints can damage the database. Afterimage does both in "
          + "one connection; let no other program write, and open it read-only.",
        command: "\(tool) shell")
    }
    if let schema, schema > known {
      advise(
        .warning, "the database has schema \(schema), and this Afterimage knows up to \(known)",
        why: "It can be read and not written. Use the version that wrote it.")
    } else if let schema, schema < known {
      advise(
        .hint, "the database has schema \(schema) of \(known)",
        why: "The host's next start changes it and keeps a copy in quarantine first.")
    }
  }

  mutating func lookAtDatabase() {
    switch facts.database {
    case .none: lookAtAbsence()
    case .unreadable(let failure):
      note("ring", nil, "database", failure.message)
      if failure.isLogMissing {
        return advise(.damage, "the database's log is missing", why: "\(failure.message). \(failure.remedy)")
      }
      let isDamage = failure.code == .corrupt
      advise(
        isDamage ? .damage : .warning, isDamage ? "the database can't be opened" : "the database could not be read",
        why: isDamage
          ? "\(failure.message). Nothing is lost yet: save what is in it before anything else." : failure.remedy,
        command: isDamage ? salvage : nil)
    case .read(let content):
      lookAtRing(content)
      lookAtVerification(content.verification)
    }
  }

  private var salvage: String {
    "afterimage salvage \(quoted(DataFolderLayout(facts.folder).database)) --to NEW_FOLDER"
  }

  private mutating func lookAtAbsence() {
    note("ring", nil, "database", "there is none")
    if facts.files.bytes(of: DataFolderLayout.logName) > 0 {
      advise(
        .damage, "there is a log without its database",
        why: "The log holds the newest generations. Find the state.db that belongs to it, or save what is in the log.",
        command: salvage)
    } else if facts.mark == nil {
      advise(.hint, "there is no database", why: "The host makes one at its start.")
    }
  }

  private mutating func lookAtRing(_ content: DoctorFacts.Content) {
    let generations = content.generations
    let newest = generations.first?.generation
    let proven = generations.first(where: \.isProven)?.generation
    let keyframes = generations.count(where: \.isKeyframe)
    let pins = generations.count { $0.pin != nil }
    let number = { (value: Int64?) in value.map { "\($0)" } ?? "none" }
    let frozen = content.facts.frozenThrough
    note(
      "ring",
      [
        "count": .int(Int64(generations.count)), "capacity": .int(Int64(content.facts.retention.newest)),
        "pinned": .int(Int64(pins)), "oldest": generations.last.map { .int($0.generation) } ?? .null,
        "newest": newest.map { .int($0) } ?? .null, "newestProven": proven.map { .int($0) } ?? .null,
        "keyframes": .int(Int64(keyframes)), "bytes": .int(content.storedBytes),
        "frozenThrough": frozen.map { .int($0) } ?? .null,
      ],
      "ring",
      "\(generations.count) generations, \(number(generations.last?.generation)) to \(number(newest)); capacity "
        + "\(content.facts.retention.newest), \(pins) pinned, \(keyframes) keyframes, \(bytesInWords(content.storedBytes))",
      "newest proven: \(number(proven))" + (frozen.map { "; frozen up to \($0)" } ?? ""))
    if let frozen {
      advise(
        .warning, "pruning is frozen: generations up to \(frozen) stay",
        why:
          "The show was restored from less than the newest generation. It ends when a generation stored since is proven.",
        command: "\(tool) list --retention")
    }
  }

  private mutating func lookAtVerification(_ found: Verification) {
    let problems = found.damaged.count + found.integrity.count
    note(
      "verification",
      [
        "ok": .bool(found.isFine), "checked": .int(Int64(found.checked)), "damaged": .array(found.damaged.map(\.json)),
        "integrity": .array(found.integrity.map { .string($0) }),
        "orphans": found.orphans.map { .int(Int64($0)) } ?? .null,
      ],
      "verified", "\(found.checked) generations, " + (found.isFine ? "all whole" : "\(problems) problems"))
    add(Array(found.lines.prefix(10)))
    guard !found.isFine else { return }
    let isStructural = !found.integrity.isEmpty || found.damaged.contains { $0.generation == nil }
    advise(
      .damage, isStructural ? "pages of the database are damaged" : "generations are damaged",
      why: isStructural
        ? "The host moves it to quarantine at its next start and takes over what is whole. Save a copy first."
        : "The others are whole: roll back to one of them, or save the whole ones into a new folder.",
      command: isStructural ? salvage : "\(tool) verify --all")
  }

  mutating func lookAtLog() {
    let bytes = facts.files.bytes(of: DataFolderLayout.logName)
    let bound = DatabaseFacts.forcedLogBytes
    let pinners = facts.locks.readers.filter { $0.pid != facts.host?.pid }
    let names = pinners.map(\.description)
    note(
      "log",
      [
        "bytes": .int(bytes), "restBound": .int(DatabaseFacts.restingLogBytes), "bound": .int(bound),
        "readers": .array(names.map { .string($0) }),
      ],
      "log",
      "\(bytesInWords(bytes)); moved into the database above \(bytesInWords(DatabaseFacts.restingLogBytes)) at rest and "
        + "\(bytesInWords(bound)) in any case",
      names.isEmpty ? "" : "read by \(names.joined(separator: ", "))")
    if bytes > 2 * bound {
      advise(
        .warning, "the log has grown to \(bytesInWords(bytes))",
        why: names.isEmpty
          ? "It is emptied when the host rests or ends."
          : "\(names.joined(separator: ", ")) keeps it from being emptied. Nothing is lost; the disk fills.",
        command: pinners.first.map { "ps -o pid,user,etime,args -p \($0.pid)" })
    } else if bytes > 0, !facts.isHostRunning, facts.locks.opened.isEmpty {
      advise(
        .hint, "the newest generations are in the log",
        why: "Copy state.db and state.db-wal together, never one alone.",
        command: "\(tool) backup --to FILE")
    }
  }

  /// The database may be clean and older than what was stored: then a log was lost.
  mutating func lookAtMark() {
    note(
      "highWaterMark", facts.mark?.json ?? .null, "high water",
      facts.mark.map { "generation \($0.generation), sequence \($0.sequence)" } ?? "no head.json")
    guard let mark = facts.mark else { return }
    switch facts.database {
    case .unreadable: return
    case .none:
      advise(
        .damage, "generation \(mark.generation) was stored once, and there is no database",
        why: "It was deleted or not copied. Look for it in quarantine, in a backup and in the fallback folder.")
    case .read(let content):
      let newest = content.generations.first?.generation ?? 0
      guard mark.generation > newest else { return }
      advise(
        .damage, "generation \(mark.generation) was stored once, and the newest is \(newest)",
        why:
          "\(mark.generation - newest) are missing: look for a state.db-wal that was left behind when the folder was "
          + "copied.")
    }
  }
}
