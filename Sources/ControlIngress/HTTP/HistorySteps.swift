import Documents
import StudioState

/// Where undo and redo lead, decided from the list of generations alone.
///
/// Undo appends a generation with an earlier state, and so does redo (invariant I7). Their reasons say which generation
/// they brought back, so that the list itself holds the position: a second undo goes one further back, and a change ends
/// what could be redone. It survives a restart, and every client sees the same.
struct HistorySteps: Equatable {
  /// The generation to bring back; nil when there is none.
  var undo: Int64?
  var redo: Int64?

  enum Step: String, Sendable {
    case undo, redo

    /// The reason of a generation that this step stores.
    func reason(_ target: Int64) -> String { "\(rawValue) to generation \(target)" }
  }

  struct Entry: Equatable {
    var generation: Int64
    var reason: String

    /// The generation that an undo or redo brought back; nil for every other entry.
    var broughtBack: Int64? {
      for step in [Step.undo, .redo] {
        let prefix = step.reason(0).dropLast()
        if reason.hasPrefix(prefix) { return Int64(reason.dropFirst(prefix.count)) }
      }
      return nil
    }
  }

  /// - Parameters:
  ///   - entries: the generations, newest first.
  ///   - hasUnsaved: whether the show has changes that no generation has yet; they are what undo takes back then.
  init(_ entries: [Entry], hasUnsaved: Bool) {
    guard let newest = entries.first else { return }
    guard !hasUnsaved else {
      undo = newest.generation
      return
    }
    let byNumber = Dictionary(entries.map { ($0.generation, $0) }, uniquingKeysWith: { first, _ in first })
    let position = Self.position(newest, byNumber)
    undo = entries.first { $0.generation < position }?.generation
    // What the newest run of undos and redos started from is the last that can be redone.
    guard newest.broughtBack != nil, let tip = entries.first(where: { $0.broughtBack == nil })?.generation else {
      return
    }
    redo = entries.last { $0.generation > position && $0.generation <= tip }?.generation
  }

  func target(of step: Step) -> Int64? {
    switch step {
    case .undo: undo
    case .redo: redo
    }
  }

  /// The generation whose state is on air, behind all undos and redos. A reason leads to an older generation only, so this
  /// ends.
  private static func position(_ newest: Entry, _ byNumber: [Int64: Entry]) -> Int64 {
    var entry = newest
    while let target = entry.broughtBack, target < entry.generation {
      guard let next = byNumber[target] else { return target }
      entry = next
    }
    return entry.generation
  }

  /// The entries of what ``GenerationArchive/list()`` answers.
  static func entries(_ list: JSONValue) -> [Entry] {
    (list["generations"]?.arrayValue ?? []).compactMap { json in
      json["id"]?.intValue.map { Entry(generation: $0, reason: json["reason"]?.stringValue ?? "") }
    }
  }
}
