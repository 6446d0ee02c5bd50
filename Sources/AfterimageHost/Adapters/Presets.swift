import ControlIngress
import LiveRuntime
import PresetLibrary
import StudioState

/// The presets folder as the control surfaces see it.
struct Presets: PresetShelf {
  let library: PresetLibrary
  let coordinator: RuntimeCoordinator

  func list() throws(PresetShelfProblem) -> [PresetEntry] {
    try translated { () throws(PresetProblem) in try library.list() }.map { summary in
      PresetEntry(name: summary.name, bytes: summary.bytes, modifiedAtUnixMs: summary.modifiedAtUnixMs)
    }
  }

  func read(_ name: String) throws(PresetShelfProblem) -> JSONValue {
    try translated { () throws(PresetProblem) in try library.readJSON(name) }
  }

  func load(_ name: String) throws(PresetShelfProblem) -> StudioState {
    try translated { () throws(PresetProblem) in
      let durable = coordinator.view().durable
      return try library.load(name, packages: durable.packages, config: durable.config)
    }
  }

  func save(_ name: String, _ state: StudioState) throws(PresetShelfProblem) {
    try translated { () throws(PresetProblem) in try library.save(name, state) }
  }

  func delete(_ name: String) throws(PresetShelfProblem) {
    try translated { () throws(PresetProblem) in try library.delete(name) }
  }

  private func translated<T>(_ work: () throws(PresetProblem) -> T) throws(PresetShelfProblem) -> T {
    do {
      return try work()
    } catch {
      let code: PresetShelfProblem.Code =
        switch error.code {
        case .notFound: .notFound
        case .badName: .badName
        case .badContent: .badContent
        case .tooLarge: .tooLarge
        case .tooMany: .tooMany
        case .io: .failed
        }
      throw PresetShelfProblem(code, error.description)
    }
  }
}
