import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import SQLiteConnection
import StudioState
import Testing

@testable import RecoveryWorkbench

// The doctor's advice, fact by fact: its text, its severity, and that only health determines the exit code.

private let holder = LockHolder(pid: 4711, program: "afterimage-host")
private let shell = LockHolder(pid: 99, program: "sqlite3")

/// A host that was stopped in order, on a disk with room.
private func wellFacts() -> DoctorFacts {
  let file = FileFacts(bytes: 32_768, mode: 0o600)
  var facts = DoctorFacts(
    folder: "/srv/show",
    files: FolderFacts(
      files: [("state.db", file), ("head.json", file)],
      folder: FileFacts(mode: 0o700, isFolder: true, isRegularFile: false), quarantined: []))
  facts.fileSystem = FileSystemFacts(freeBytes: 10 << 30, totalBytes: 20 << 30, freeInodes: 100_000)
  facts.sqlite = SQLiteVersion(3, 51, 3)
  facts.mark = HighWaterMark(generation: 3, sequence: 3)
  facts.database = .read(wellContent())
  return facts
}

private func wellContent() -> DoctorFacts.Content {
  DoctorFacts.Content(
    facts: DatabaseFacts(schema: DatabaseFacts.newestKnownSchema, pageSize: 1024, pages: 32, freePages: 0),
    generations: (1...3).reversed().map {
      GenerationSummary(generation: $0, sequence: UInt64($0), storedAtUnixMs: 0, isCurrent: $0 == 3, isProven: $0 == 1)
    },
    verification: Verification(checked: 3), access: .immutable)
}

private struct Row: Sendable {
  var name: String
  var severity: Advice.Severity?
  var words: String
  var exit: ExitCode = .fine
  var change: @Sendable (inout DoctorFacts) -> Void
}

private func withContent(_ facts: inout DoctorFacts, _ change: (inout DoctorFacts.Content) -> Void) {
  var content = wellContent()
  change(&content)
  facts.database = .read(content)
}

private func withFile(_ facts: inout DoctorFacts, _ name: String, _ file: FileFacts) {
  facts.files.files.removeAll { $0.name == name }
  facts.files.files.append((name, file))
}

private func run(_ facts: inout DoctorFacts, _ health: JSONValue) {
  facts.host = HostFile(pid: 4711, http: "127.0.0.1:8080", json: ["pid": 4711])
  facts.locks.folder = [holder]
  facts.locks.opened = [holder]
  facts.health = .answered(["persistence": health])
}

private func failure(_ code: StoreFailure.Code) -> StoreFailure {
  StoreFailure(code, "the words", remedy: "the remedy")
}

private let folderRows = [
  Row(name: "all is well", severity: nil, words: "") { _ in },
  Row(name: "an open folder", severity: .warning, words: "look into the data folder") { $0.files.folder.mode = 0o755 },
  Row(name: "an open file", severity: .warning, words: "open state.db") {
    withFile(&$0, "state.db", FileFacts(bytes: 9, mode: 0o644))
  },
  Row(name: "a file that its owner can't write", severity: .unhealthy, words: "written by its owner", exit: .found) {
    withFile(&$0, "state.db", FileFacts(bytes: 9, mode: 0o400))
  },
  Row(name: "a link", severity: .unhealthy, words: "symbolic link", exit: .found) {
    withFile(&$0, "state.db", FileFacts(mode: 0o777, isRegularFile: false, isLink: true))
  },
  Row(name: "somebody else's file", severity: .warning, words: "head.json belong to") {
    withFile(&$0, "head.json", FileFacts(bytes: 9, mode: 0o600, owner: 54_321))
  },
  Row(name: "a network", severity: .warning, words: "which the host refuses") {
    $0.fileSystem?.verdict = .refused("locks do not hold")
  },
  Row(name: "memory", severity: .warning, words: "the file system is ext4") {
    $0.fileSystem?.verdict = .warned("it lies in memory")
  },
  Row(name: "read-only media", severity: .warning, words: "read-only") { $0.fileSystem?.isReadOnly = true },
  Row(name: "read-only under a host", severity: .unhealthy, words: "read-only", exit: .found) {
    run(&$0, ["state": "saved"])
    $0.fileSystem?.isReadOnly = true
  },
  Row(name: "little room", severity: .warning, words: "are free") {
    $0.fileSystem?.freeBytes = Diagnosis.leastFreeBytes - 1
  },
  Row(name: "just enough room", severity: nil, words: "") { $0.fileSystem?.freeBytes = Diagnosis.leastFreeBytes },
  Row(name: "few inodes", severity: .warning, words: "inodes") {
    $0.fileSystem?.freeInodes = Diagnosis.leastFreeInodes - 1
  },
  Row(name: "no inodes to count", severity: nil, words: "") { $0.fileSystem?.freeInodes = nil },
  Row(name: "a quarantine", severity: .hint, words: "lies in quarantine (damaged)") {
    $0.incidents = [.init(name: "20260101T000000Z-damaged", bytes: 9, hasDatabase: true, hasRebuilt: false)]
  },
  Row(
    name: "a quarantine whose generations the ring lacks", severity: .damage,
    words: "5 generations (1 to 5) in quarantine/20260101T000000Z-io-errors", exit: .found
  ) {
    $0.incidents = [
      .init(
        name: "20260101T000000Z-io-errors", bytes: 9, hasDatabase: true, hasRebuilt: false,
        generations: [1, 2, 3, 4, 5])
    ]
    withContent(&$0) { $0.generations = [GenerationSummary(generation: 6, sequence: 6, storedAtUnixMs: 0)] }
    $0.mark = HighWaterMark(generation: 6, sequence: 6)
  },
  Row(name: "the same, acknowledged", severity: .hint, words: "are not in the ring") {
    $0.incidents = [
      .init(name: "20260101T000000Z-io-errors", bytes: 9, hasDatabase: true, hasRebuilt: false, generations: [7])
    ]
    $0.loss = LossRecord(
      at: "2026-01-01T00:00:00.500Z", rung: "empty", lost: ["all"], command: "x",
      acknowledgedAt: "2026-01-01T00:00:01.000Z")
  },
  Row(name: "a copy before a change of the schema is no loss", severity: .hint, words: "lies in quarantine") {
    $0.incidents = [
      .init(
        name: "20260101T000000Z-before-schema-2", bytes: 9, hasDatabase: true, hasRebuilt: false, generations: [7])
    ]
  },
  Row(
    name: "a loss that is not acknowledged", severity: .damage, words: "could not bring back everything", exit: .found
  ) {
    $0.loss = LossRecord(at: "2026-01-01T00:00:00.000Z", rung: "empty", lost: ["all"], command: "afterimage doctor")
  },
  Row(name: "an acknowledged loss", severity: nil, words: "") {
    $0.loss = LossRecord(
      at: "2026-01-01T00:00:00.000Z", rung: "empty", lost: ["all"], command: "x", acknowledgedAt: "2026-01-02")
  },
  Row(name: "leftovers", severity: .hint, words: "temporary files") { $0.leftovers = [".7-1.afterimage-tmp"] },
  Row(name: "leftovers of a running host are its own", severity: nil, words: "") {
    run(&$0, ["state": "saved"])
    $0.leftovers = [".7-1.afterimage-tmp"]
  },
]

private let databaseRows = [
  Row(name: "the WAL-reset bug", severity: .hint, words: "WAL-reset bug") { $0.sqlite = SQLiteVersion(3, 40, 1) },
  Row(name: "a newer schema", severity: .warning, words: "knows up to") { withContent(&$0) { $0.facts.schema = 99 } },
  Row(name: "damaged pages", severity: .damage, words: "pages of the database", exit: .found) {
    withContent(&$0) { $0.verification.integrity = ["Tree 3 page 7: btreeInitPage() returns error code 11"] }
  },
  Row(name: "a damaged generation", severity: .damage, words: "generations are damaged", exit: .found) {
    withContent(&$0) { $0.verification.damaged = [.init(generation: 2, document: "stack", problem: "it is missing")] }
  },
  Row(name: "a database that can't be opened", severity: .damage, words: "can't be opened", exit: .found) {
    $0.database = .unreadable(failure(.corrupt))
  },
  Row(name: "no permission to look", severity: .warning, words: "could not be read", exit: .permission) {
    $0.database = .unreadable(failure(.cannotOpen))
  },
  Row(name: "a log alone", severity: .damage, words: "log without its database", exit: .found) {
    $0.database = .none
    $0.mark = nil
    $0.files.files = [("state.db-wal", FileFacts(bytes: 9, mode: 0o600))]
  },
  Row(name: "a new folder", severity: .hint, words: "there is no database") {
    $0.database = .none
    $0.mark = nil
    $0.files.files = []
  },
  Row(name: "a deleted database", severity: .damage, words: "there is no database", exit: .found) {
    $0.database = .none
    $0.files.files = []
  },
  Row(name: "a lost log", severity: .damage, words: "generation 4 was stored once, and the newest is 3", exit: .found) {
    $0.mark = HighWaterMark(generation: 4, sequence: 4)
  },
  Row(name: "an old mark", severity: nil, words: "") { $0.mark = HighWaterMark(generation: 2, sequence: 2) },
  Row(name: "a frozen ring", severity: .warning, words: "frozen") { withContent(&$0) { $0.facts.frozenThrough = 2 } },
  Row(name: "the byte bound", severity: .warning, words: "near its bound") {
    withContent(&$0) { $0.facts.pages = 250 * 1024 }
  },
  Row(name: "a log that holds something", severity: .hint, words: "are in the log") {
    withFile(&$0, "state.db-wal", FileFacts(bytes: 4000, mode: 0o600))
  },
  Row(name: "a log that a shell pins", severity: .warning, words: "the log has grown") {
    run(&$0, ["state": "saved"])
    $0.locks.readers = [shell]
    withFile(&$0, "state.db-wal", FileFacts(bytes: 16 << 20, mode: 0o600))
  },
]

private let runningRows = [
  Row(name: "a host that is well", severity: nil, words: "") { run(&$0, ["state": "saved"]) },
  Row(name: "a host that can't store", severity: .unhealthy, words: "can't store (failing)", exit: .found) {
    run(&$0, ["state": "failing", "oldestUnsavedAgeMs": 9000])
  },
  Row(name: "a host that can't write", severity: .unhealthy, words: "(readOnly)", exit: .found) {
    run(&$0, ["state": "readOnly"])
  },
  Row(name: "a host that tries again", severity: .warning, words: "tries again") { run(&$0, ["state": "retrying"]) },
  Row(name: "a host that hangs", severity: .unhealthy, words: "does not answer", exit: .found) {
    run(&$0, ["state": "saved"])
    $0.health = .silent("no whole answer came")
  },
  Row(name: "a host that was killed", severity: .hint, words: "does not hold the folder") {
    $0.host = HostFile(pid: 4711, http: "127.0.0.1:8080", json: ["pid": 4711])
  },
  Row(name: "a writer that is not the host", severity: .unhealthy, words: "sqlite3 (PID 99) holds", exit: .found) {
    run(&$0, ["state": "saved"])
    $0.locks.writers = [shell]
  },
  Row(name: "the host's own lock", severity: nil, words: "") {
    run(&$0, ["state": "storing"])
    $0.locks.writers = [holder]
  },
  Row(name: "two crashes", severity: nil, words: "") {
    withContent(&$0) { $0.runs = runs(.unclean, .unclean, .clean) }
  },
  Row(name: "three crashes", severity: .warning, words: "the last 3 runs crashed") {
    withContent(&$0) { $0.runs = runs(.running, .unclean, .unclean) }
  },
  Row(name: "three starts under a limit of five", severity: nil, words: "") {
    $0.starts = StartTally(starts: 3, limit: 5)
    withContent(&$0) { $0.runs = runs(.running, .unclean, .unclean) }
  },
  Row(name: "two starts under a limit of two", severity: .warning, words: "the last 2 runs crashed") {
    $0.starts = StartTally(starts: 2, limit: 2)
    withContent(&$0) { $0.runs = runs(.running, .unclean) }
  },
  Row(name: "three crashes with the guard turned off", severity: nil, words: "") {
    $0.starts = StartTally(starts: 3, limit: 0)
    withContent(&$0) { $0.runs = runs(.running, .unclean, .unclean) }
  },
  Row(name: "three ends by power cuts", severity: nil, words: "") {
    $0.starts = StartTally(starts: 1, boot: "a", limit: 3)
    $0.boot = "b"
    withContent(&$0) { $0.runs = runs(.running, .unclean, .unclean) }
  },
  Row(name: "the third start in a row goes on", severity: nil, words: "") {
    run(&$0, ["state": "saved"])
    $0.starts = StartTally(starts: 3, limit: 3)
    withContent(&$0) { $0.runs = runs(.running, .unclean, .unclean) }
  },
  Row(name: "runs that lasted and were killed", severity: nil, words: "") {
    $0.starts = StartTally(starts: 0, limit: 3)
    withContent(&$0) { $0.runs = runs(.running, .unclean, .unclean) }
  },
  Row(name: "a run that goes on is no crash", severity: nil, words: "") {
    run(&$0, ["state": "saved"])
    withContent(&$0) { $0.runs = runs(.running, .unclean, .unclean) }
  },
  Row(name: "no second folder", severity: .warning, words: "fallback folder does not exist") {
    $0.fallback = .init(folder: "/mnt/second", exists: false)
  },
  Row(name: "a second folder on the same disk", severity: .warning, words: "same file system") {
    $0.fallback = .init(folder: "/srv/second", exists: true, fileSystem: $0.fileSystem)
  },
  Row(name: "a second folder with the newest state", severity: .warning, words: "holds generation 7") {
    $0.fallback = .init(folder: "/mnt/second", exists: true, newest: 7)
  },
]

private func runs(_ endings: HostRun.Ending...) -> [HostRun] {
  endings.enumerated().map { index, ending in
    HostRun(run: Int64(endings.count - index), startedAtUnixMs: 0, ending: ending, generation: 3)
  }
}

private let rows = folderRows + databaseRows + runningRows

@Test(arguments: rows.indices)
func theDoctorJudgesEachFact(index: Int) {
  let row = rows[index]
  var facts = wellFacts()
  row.change(&facts)
  let diagnosis = Diagnosis(facts)
  let answer = diagnosis.answer
  let advice = diagnosis.advice
  if let severity = row.severity {
    #expect(
      advice.contains { $0.severity == severity && $0.what.contains(row.words) },
      "\(row.name): \(advice.map(\.lines))")
  } else {
    #expect(advice == [], "\(row.name)")
  }
  #expect(answer.exit == row.exit, "\(row.name)")
  #expect(answer.json["ok"] == .bool(row.exit != .found), "\(row.name)")
}

@Test func theGravestAdviceComesFirst() {
  var facts = wellFacts()
  facts.sqlite = SQLiteVersion(3, 40, 1)
  facts.files.folder.mode = 0o755
  facts.mark = HighWaterMark(generation: 9, sequence: 9)
  let advice = Diagnosis(facts).answer.json["advice"]?.arrayValue ?? []
  #expect(advice.map { $0["severity"] } == ["damage", "warning", "hint"])
}

@Test func whatIsTypedIsQuotedForAShell() {
  #expect(quoted("/srv/show") == "/srv/show")
  #expect(quoted("/srv/my show") == "'/srv/my show'")
  #expect(quoted("it's") == "'it'\\''s'")
  #expect(quoted("") == "''")
  var facts = wellFacts()
  facts.folder = "/srv/my show; rm"
  facts.files.folder.mode = 0o755
  #expect(Diagnosis(facts).advice.first?.command == "chmod 700 '/srv/my show; rm'")
}

@Test(arguments: [(0, "0 bytes"), (999, "999 bytes"), (1024, "1.0 KiB"), (1_048_576, "1.0 MiB"), (5 << 30, "5.0 GiB")])
func sizesAreWritten(bytes: Int, words: String) {
  #expect(bytesInWords(Int64(bytes)) == words)
}

@Test func theForecastNamesItsLimitAndSaysWhenItIsAGuess() {
  let known = CrashLoopOutlook([], [], starts: StartTally(starts: 1, limit: 5), boot: nil)
  #expect(known.json["limit"] == 5 && known.json["limitKnown"] == true)
  let guessed = CrashLoopOutlook([], [], starts: nil, boot: nil)
  #expect(guessed.json["limit"] == 3 && guessed.json["limitKnown"] == false)
  #expect(guessed.words.contains("no host has noted its limit"))
}

/// A ring that is full has pruned what is older; anything else that is missing is lost.
@Test(arguments: [
  ([1, 2, 3], [6], 64, [1, 2, 3]), ([1, 2, 3], [1, 2, 3, 4], 64, []), ([1, 2, 9], [5, 6, 7, 8], 4, [9]),
  ([1, 2, 6], [5, 7, 8, 9], 4, [6]), ([], [1], 64, []), ([3], [], 0, [3]),
])
func whatAFullRingHasPrunedIsNotMissing(found: [Int64], ring: [Int64], capacity: Int, lacking: [Int64]) {
  #expect(LackingGenerations.of(found, ring: ring, capacity: capacity) == lacking)
}
