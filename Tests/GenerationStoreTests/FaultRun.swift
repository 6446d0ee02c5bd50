import DurableFiles
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import TestVFS
import Testing

@testable import GenerationStore

/// One run of a scenario in which a call fails: the store is used as the writer's worker uses it, and in the end
/// everything must be there.
struct FaultRun {
  let scenario: FaultScenario
  let kind: FileCall.Kind
  let fault: FileFault
  let number: Int
  let isSticky: Bool

  private let fixture: StoreFixture
  private let injector: FaultInjector
  private let vfs: ObservedVFS

  init(_ scenario: FaultScenario, _ kind: FileCall.Kind, _ fault: FileFault, number: Int, isSticky: Bool) throws {
    self.scenario = scenario
    self.kind = kind
    self.fault = fault
    self.number = number
    self.isSticky = isSticky
    let injector = FaultInjector()
    self.injector = injector
    vfs = ObservedVFS { injector.observe($0) }
    fixture = try StoreFixture(inMemory: true)
    fixture.options.vfs = vfs.name
    fixture.options.keyframeInterval = 100
    try DataFolder.createFolder(fixture.folder)
    for (name, bytes) in scenario.template.files { try DurableFile.replace("\(fixture.folder)/\(name)", with: bytes) }
  }

  private var words: Comment {
    "\(scenario), \(kind) number \(number) \(isSticky ? "and all later" : "once"): \(fault)"
  }

  private func arm() {
    injector.arm(kind, number: number, isSticky: isSticky, fault)
  }

  /// - Returns: whether the fault was met.
  func run() throws -> Bool {
    if scenario.failsAtOpening { arm() }
    let template = scenario.template
    let store = GenerationStore(fixture.options, scenario.migrator)
    open(store, template)
    if !scenario.failsAtOpening {
      prepare(store)
      arm()
    }
    let next = changed(from: template.states[template.newest] ?? sampleState(layers: 3), 0.77)
    let sequence = template.newest + 1
    act(store, next, sequence)
    let wasMet = injector.hits > 0
    let stored = try storeAtLast(store, next, sequence)
    // The same snapshot again, as after an answer that was lost, is the same generation.
    #expect(try store.put(next, sequence) == stored, words)
    try goOn(store, from: next, sequence)
    return wasMet || injector.hits > 0
  }

  private func open(_ store: GenerationStore, _ template: FaultTemplate) {
    guard scenario != .migration else {
      // The reader knows the schema of this program only.
      _ = try? store.openSession()
      return
    }
    let opened = GenerationStore.openOrQuarantine(store, from: nil)
    if injector.hits == 0 { #expect(opened.failure == nil, words) }
    if opened.restored?.state != template.states[template.newest] {
      #expect(injector.hits > 0 && !opened.reports.isEmpty, "nothing was restored, and nothing said: \(words)")
    }
  }

  private func changed(from state: StudioState, _ mix: Double) -> StudioState {
    guard scenario == .keyframe else { return state.setting("layer-2", mix: mix) }
    return (1...3).reduce(state) { $0.setting("layer-\($1)", mix: mix) }
  }

  private func prepare(_ store: GenerationStore) {
    switch scenario {
    case .replacement: store.replaceDatabase()
    default: break
    }
  }

  /// What the fault is to hit, beyond the store that follows.
  private func act(_ store: GenerationStore, _ state: StudioState, _ sequence: UInt64) {
    switch scenario {
    case .passiveCheckpoint: if let session = store.session { store.checkpoint(session, .passive) }
    case .rest: store.rest(idleFor: .seconds(3))
    default: break
    }
  }

  /// Tries as often as it takes; a fault that stays is lifted after a while.
  private func storeAtLast(
    _ store: GenerationStore, _ state: StudioState, _ sequence: UInt64
  ) throws -> StoredGeneration {
    for attempt in 1...8 {
      if attempt == 4 { injector.lift() }
      do {
        return try store.put(state, sequence)
      } catch let failure as StoreFailure {
        // Nothing is hidden: the failure is thrown, and resting either mends it or says what it met.
        #expect(failure.canRetry, words)
        store.rest(idleFor: .seconds(attempt))
        #expect(store.session != nil || store.facts.trouble != nil, words)
      }
    }
    return try store.put(state, sequence)
  }

  /// Everything is as if nothing had happened, now and after a restart.
  private func goOn(_ store: GenerationStore, from state: StudioState, _ sequence: UInt64) throws {
    injector.lift()
    store.rest(idleFor: .seconds(3))
    #expect(store.facts.trouble == nil, words)
    let last = changed(from: state, 0.33)
    try store.put(last, sequence + 1)
    #expect(store.facts.trouble == nil, words)
    var states = scenario.template.states
    states[sequence] = state
    states[sequence + 1] = last
    try store.close()

    fixture.options.vfs = nil
    let again = GenerationStore.openOrQuarantine(GenerationStore(fixture.options, scenario.migrator), from: nil)
    #expect(again.failure == nil, words)
    #expect(again.store.head?.sequence == sequence + 1, words)
    if scenario != .migration {
      #expect(again.restored?.state == last, words)
      #expect(again.restored?.rung == .newest, words)
    }
    try check(again.store, states)
    again.store.drop()
  }

  /// Every state is there once, whole, and the database is sound.
  private func check(_ store: GenerationStore, _ states: [UInt64: StudioState]) throws {
    try store.expectSound()
    let rows = StoredRows(connection: try store.openSession().connection)
    var found: Set<UInt64> = []
    for row in try rows.generations() {
      let sequence = UInt64(row.record.sequence)
      #expect(found.insert(sequence).inserted, "\(sequence) is stored twice: \(words)")
      #expect(
        try GenerationReading(row.record.generation, rows, .studio)?.source?.studioState == states[sequence], words)
    }
    if scenario.mayMoveToQuarantine { found.formUnion(try quarantined()) }
    #expect(found == Set(states.keys), words)
  }

  private func quarantined() throws -> Set<UInt64> {
    var found: Set<UInt64> = []
    for incident in (try? FolderListing.entries(of: "\(fixture.folder)/quarantine")) ?? [] {
      let path = "\(fixture.folder)/quarantine/\(incident.name)/state.db"
      guard DatabaseFiles.size(of: path) != nil else { continue }
      let reader = try GenerationReader.open(.studio, databasePath: path, leavingNoTrace: true)
      found.formUnion(try reader.list().map(\.sequence))
      reader.close()
    }
    return found
  }
}
