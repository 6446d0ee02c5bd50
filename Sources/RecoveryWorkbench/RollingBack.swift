import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import Studio
public import StudioState

// Rollbacks. What they arrive at is computed by ``ShowRollback``, in the host as well as here.
extension Workbench {
  /// Brings an earlier generation, or one layer of it, back as a new generation. The target is verified first. A rollback
  /// to the state that is there already stores nothing.
  ///
  /// - Parameter isForced: also when the host can't store first what is unsaved.
  public func rollBack(
    to selector: GenerationSelector, only: LayerID? = nil, isDryRun: Bool = false, isForced: Bool = false
  ) async throws(ToolFailure) -> Answer {
    if isDryRun { return try await forecast(selector, only) }
    switch try writer() {
    case .host(let host):
      var body = Self.body(only)
      if isForced { body.append(.init("force", true)) }
      return Self.rolledBack(try await host.change("POST", selector.path("rollback"), .object(body)))
    case .lock(let lock):
      defer { lock.release() }
      return try rollBackStored(selector, only)
    }
  }

  private static func body(_ only: LayerID?) -> [JSONValue.Member] {
    only.map { [.init("only", .string("layer:\($0)"))] } ?? []
  }

  /// The caller holds the lock.
  private func rollBackStored(_ selector: GenerationSelector, _ only: LayerID?) throws(ToolFailure) -> Answer {
    let target = try target(selector, only)
    if target.source is PlainDocuments { return try rollBackPlainly(to: target) }
    let rollback = try Self.rollback(to: target, only)
    var isChanged = true
    let (from, stored) = try append(.rollback, reason: rollback.reason) { head in
      let current = try current(isNeeded: only != nil)
      guard current == nil || current?.summary.generation == head else {
        throw ToolFailure(.busy, "Another program stored a generation meanwhile.", remedy: "Repeat the command.")
      }
      let result = try Self.result(of: rollback, on: current)
      isChanged = result != current?.state
      return isChanged ? StateDocuments(result) : nil
    }
    let members = ShowRollback.json(from: from, to: rollback.generation, stored: stored, isDryRun: false)
    return Self.rolledBack(isChanged ? members : .object((members.objectValue ?? []) + [.init("changed", false)]))
  }

  /// Of another program's state: its documents as they were.
  private func rollBackPlainly(to target: LoadedGeneration) throws(ToolFailure) -> Answer {
    let number = target.summary.generation
    let (from, stored) = try append(.rollback, reason: "rollback to generation \(number)") { _ in target.source }
    return Self.rolledBack(ShowRollback.json(from: from, to: number, stored: stored, isDryRun: false))
  }

  private func target(_ selector: GenerationSelector, _ only: LayerID?) throws(ToolFailure) -> LoadedGeneration {
    let target = try load(selector)
    if let only, target.source is PlainDocuments {
      throw ToolFailure(
        .usage, "The folder holds the state of another program, which has no layer \(only).",
        remedy: "Roll the whole state back, without --only.")
    }
    return target
  }

  private static func rollback(to target: LoadedGeneration, _ only: LayerID?) throws(ToolFailure) -> ShowRollback {
    let number = target.summary.generation
    if let rollback = ShowRollback(to: number, of: target.state, only: only) { return rollback }
    throw ToolFailure(
      .noInput, "Generation \(number) has no layer \(only.map { "\($0)" } ?? "").",
      remedy: "See: afterimage show \(number)")
  }

  /// Nil when it can't be read, which is the best reason to go back; a rollback of one layer needs it.
  private func current(isNeeded: Bool) throws(ToolFailure) -> LoadedGeneration? {
    do throws(ToolFailure) {
      return try load(.current)
    } catch {
      guard !isNeeded, error.exit == .found || error.exit == .noInput else { throw error }
      return nil
    }
  }

  /// - Parameter current: nil when it can't be read; the whole state of the target takes its place then.
  private static func result(
    of rollback: ShowRollback, on current: LoadedGeneration?
  ) throws(ToolFailure) -> StudioState {
    guard let current else { return rollback.target }
    do {
      return try rollback.result(on: current.state)
    } catch {
      throw ToolFailure(.usage, "\(error).")
    }
  }

  // The dry run.

  /// Beside a host its own forecast, which knows what is unsaved.
  private func forecast(_ selector: GenerationSelector, _ only: LayerID?) async throws(ToolFailure) -> Answer {
    guard let host = runningHost() else { return try forecastStored(selector, only) }
    do throws(ToolFailure) {
      let body = JSONValue.object(Self.body(only) + [.init("dryRun", true)])
      return Self.forecast(try await host.change("POST", selector.path("rollback"), body))
    } catch {
      guard error.exit == .hostUnreachable else { throw error }
      var answer = try forecastStored(selector, only)
      answer.notices.append("\(host.name) does not answer. This is what would change in the newest stored generation.")
      return answer
    }
  }

  private func forecastStored(_ selector: GenerationSelector, _ only: LayerID?) throws(ToolFailure) -> Answer {
    let target = try target(selector, only)
    let current = try current(isNeeded: only != nil)
    let changes = try Self.changes(from: current, to: target, only)
    let members = ShowRollback.json(
      from: current?.summary.generation, to: target.summary.generation, stored: nil, isDryRun: true)
    return Self.forecast(
      .object((members.objectValue ?? []) + [.init("changes", changes.map { .array($0.map(\.json)) } ?? .null)]))
  }

  /// Nil when the current generation can't be read.
  private static func changes(
    from current: LoadedGeneration?, to target: LoadedGeneration, _ only: LayerID?
  ) throws(ToolFailure) -> [StateChange]? {
    if target.source is PlainDocuments {
      return current.map { GenerationDifference(from: $0, to: target).changes }
    }
    let result = try result(of: rollback(to: target, only), on: current)
    return current.map { StateDiff.changes(from: $0.state, to: result) }
  }

  private static func forecast(_ json: JSONValue) -> Answer {
    let from = json["from"]?.intValue.map { "generation \($0)" } ?? "the current generation"
    let to = json["to"]?.intValue.map { "\($0)" } ?? "?"
    let changes = json["changes"]?.arrayValue.map { $0.compactMap(StateChange.init(json:)) }
    let words =
      changes.map { $0.isEmpty ? ["nothing"] : lines($0) } ?? ["everything: the current generation can't be read"]
    return Answer(json, lines: ["rollback from \(from) to \(to) would change:"] + words)
  }

  private static func rolledBack(_ json: JSONValue) -> Answer {
    let words = { (name: String) in json[name]?.intValue.map { "\($0)" } ?? "none" }
    guard json["changed"] != false else {
      return Answer(
        json,
        lines: ["generation \(words("stored")) already is as generation \(words("to")); nothing was stored"])
    }
    return Answer(
      json, lines: ["rolled back from generation \(words("from")) to \(words("to")); stored as \(words("stored"))"])
  }
}
