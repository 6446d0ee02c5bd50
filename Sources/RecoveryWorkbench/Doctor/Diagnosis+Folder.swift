import Documents
import DurableFiles
import GenerationStore
import Studio
import StudioState

// The folder, its file system, its files, and the free space.
extension Diagnosis {
  mutating func lookAtFolder() {
    let folder = facts.files.folder
    note(
      "folder",
      [
        "path": .string(facts.folder), "mode": .string(folder.modeWords), "owner": .string(folder.ownerWords),
        "isLink": .bool(folder.isLink),
      ],
      "folder",
      "\(facts.folder) (mode \(folder.modeWords), owner \(folder.ownerWords)\(folder.isLink ? ", a symbolic link" : ""))"
    )
    if folder.isFolder, folder.mode & 0o077 != 0 {
      advise(
        .warning, "other users may look into the data folder", why: "The show is nobody else's business.",
        command: "chmod 700 \(place)")
    }
  }

  mutating func lookAtFileSystem() {
    guard let system = facts.fileSystem else {
      return note("fileSystem", nil, "file system", "the system does not tell")
    }
    let inodes = system.freeInodes.map { "\($0) inodes free" } ?? "inodes as needed"
    note(
      "fileSystem", json(system), "file system",
      "\(system.type ?? "unknown") on \(system.mountPoint ?? "?"), \(system.isNetwork ? "network" : "local"), "
        + "\(system.isReadOnly ? "read-only" : "writable")",
      "options: \(system.options.joined(separator: ","))",
      "\(bytesInWords(system.freeBytes)) of \(bytesInWords(system.totalBytes)) free, \(inodes)")
    judge(system)
  }

  private mutating func judge(_ system: FileSystemFacts) {
    switch system.verdict {
    case .accepted: break
    case .warned(let reason):
      advise(.warning, "the file system is \(system.type ?? "of an unknown type")", why: "\(reason).")
    case .refused(let reason):
      advise(
        .warning, "the file system is \(system.type ?? "unknown"), which the host refuses",
        why: "\(reason). Move the folder to a local disk.", command: "cp -a \(place) /PATH/ON/A/LOCAL/DISK")
    }
    if system.isReadOnly {
      advise(
        facts.isHostRunning ? .unhealthy : .warning, "the file system is read-only",
        why: "Nothing can be stored; dmesg tells whether the kernel did that after an error.",
        command: "dmesg | tail -50")
    }
    if system.freeBytes < Self.leastFreeBytes {
      advise(
        .warning, "only \(bytesInWords(system.freeBytes)) are free", why: "When it is full, storing stops.",
        command: "du -xh --max-depth=1 \(quoted(system.mountPoint ?? facts.folder)) | sort -h | tail")
    }
    if let inodes = system.freeInodes, inodes < Self.leastFreeInodes {
      advise(
        .warning, "only \(inodes) inodes are free",
        why: "Presets and the high-water mark are replaced by new files, each of which needs one.",
        command: "df -i \(place)")
    }
  }

  /// The database may grow to 256 MiB, and its log to 4 MiB plus what a reader pins; a quarter of that raises the
  /// alarm.
  static let leastFreeBytes: Int64 = 64 << 20
  /// A replacement needs one, a quarantine a handful.
  static let leastFreeInodes: Int64 = 1000

  mutating func lookAtFiles() {
    note("files", facts.files.json, "files", "")
    add(facts.files.lines)
    for file in facts.files.files {
      let path = quoted("\(facts.folder)/\(file.name)")
      if file.facts.isLink {
        advise(
          .unhealthy, "\(file.name) is a symbolic link", why: "The host follows none, so that it can't store.",
          command: "cp --remove-destination \"$(readlink -f \(path))\" \(path)")
      } else if !file.facts.isRegularFile {
        advise(.unhealthy, "\(file.name) is no regular file", why: "The host can't use it.", command: "ls -ld \(path)")
      } else if file.facts.mode & 0o077 != 0 {
        advise(
          .warning, "other users may open \(file.name)", why: "The show is nobody else's business.",
          command: "chmod 600 \(path)")
      } else if file.facts.mode & 0o600 != 0o600 {
        advise(
          .unhealthy, "\(file.name) can't be read and written by its owner", why: "The host needs both.",
          command: "chmod 600 \(path)")
      }
    }
    let strangers = facts.files.files.filter { $0.facts.owner != facts.files.folder.owner && !$0.facts.isLink }
    if let first = strangers.first, !facts.files.folder.isLink {
      let owner = facts.files.folder.ownerWords
      advise(
        .warning,
        "\(strangers.map(\.name).joined(separator: ", ")) belong to \(first.facts.ownerWords), the folder to \(owner)",
        why: "A host that runs as \(owner) can't write them, as after a command that was run with sudo.",
        command: "chown -R \(quoted(owner)): \(place)")
    }
  }

  mutating func lookAtSpace() {
    let (database, log) = (
      facts.files.bytes(of: DataFolderLayout.databaseName), facts.files.bytes(of: DataFolderLayout.logName)
    )
    let quarantine = facts.incidents.reduce(0) { $0 + $1.bytes }
    let used = content?.facts.bytesInUse ?? 0
    let bound = StoreOptions.studio(folder: facts.folder).byteBound
    note(
      "space",
      [
        "database": .int(database), "log": .int(log), "quarantine": .int(quarantine),
        "presets": .int(facts.presetBytes), "inUse": .int(used), "bound": .int(bound),
        "left": .int(max(0, bound - used)),
      ],
      "space",
      "database \(bytesInWords(database)), log \(bytesInWords(log)), quarantine "
        + bytesInWords(quarantine) + (facts.presetBytes > 0 ? ", presets \(bytesInWords(facts.presetBytes))" : ""),
      content == nil
        ? ""
        : "\(bytesInWords(used)) in use; \(bytesInWords(max(0, bound - used))) left to the bound of \(bytesInWords(bound))"
    )
    if used > bound / 10 * 9 {
      advise(
        .warning, "the database is near its bound of \(bytesInWords(bound))",
        why: "Beyond it old generations go before their time. Pins hold the most: unpin what is no longer needed.",
        command: "\(tool) list --retention")
    }
  }

  mutating func lookAtQuarantine() {
    note(
      "quarantine",
      .array(
        facts.incidents.map {
          ["name": .string($0.name), "reason": .string($0.reason), "bytes": .int($0.bytes)]
        }),
      "quarantine", facts.incidents.isEmpty ? "empty" : "\(facts.incidents.count) incidents")
    add(facts.incidents.map { "\($0.name): \($0.reason), \(bytesInWords($0.bytes))" })
    note("leftovers", .array(facts.leftovers.map { .string($0) }), "leftovers", facts.leftovers.joined(separator: ", "))
    lookForLostGenerations()
    if let newest = facts.incidents.last(where: \.hasDatabase) {
      advise(
        .hint, "a database lies in quarantine (\(newest.reason))",
        why: "What the host could not take over from it may still be saved; nothing there is ever deleted.",
        command:
          "afterimage salvage \(quoted(DataFolderLayout(facts.folder).incident(newest.name).database)) --to NEW_FOLDER")
    }
    if facts.incidents.contains(where: \.hasRebuilt), case .none = facts.database {
      advise(
        .warning, "the replacement of a damaged database was interrupted",
        why: "The rebuilt one is whole; the next start of the host puts it in its place.",
        command: "afterimage-host --data-dir \(place)")
    }
    if !facts.leftovers.isEmpty, !facts.isHostRunning {
      advise(
        .hint, "\(facts.leftovers.count) temporary files of a replacement that was killed",
        why: "They do no harm; the host removes them at its next start.")
    }
  }
}
