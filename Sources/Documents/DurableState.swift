/// A state that can be stored: it provides its documents, the differences from an earlier state, and can be restored
/// from documents.
///
/// A state is a value. Other threads hold copies while the program changes its own, so copies must be cheap (structural
/// sharing or copy on write), and the requirements must not depend on anything outside the value. All of them are
/// called on the writer's thread or while a session opens, never on the thread that changes the state.
///
/// A `Codable & Sendable` type that declares `DurableState` has a default implementation: see CodableDocuments.swift.
public protocol DurableState: Sendable {
  /// The whole state, in any order; keys are unique.
  var documents: [Document] { get }

  /// The differences from `earlier`. The cost should depend on the change, not on the size of the state. Every document
  /// that differs must be listed; unchanged ones may be.
  func documentsChanged(since earlier: Self) -> DocumentChanges

  /// The state with each part that could not be read back replaced by its content in `earlier`, and the paths of these
  /// parts. One bad value must not prevent the rest of a state from being stored.
  ///
  /// - Parameter earlier: the state that was stored last; nil if there is none.
  func storable(over earlier: Self?) -> (state: Self, heldBack: [HeldBack])

  /// Builds a state from the documents of one generation, and reports each document that is missing or can't be used.
  /// The content of such a document keeps its value from `initial`; other documents are not affected.
  ///
  /// - Parameters:
  ///   - documents: documents with valid checksums, in any order; some may be missing.
  ///   - initial: the state with which the program starts when nothing was ever stored.
  static func restoring(from documents: [Document], over initial: Self) -> RestoredState<Self>

  /// A number that lists of generations show for this state, such as the number of its layers.
  var itemCount: Int { get }
}

/// The result of restoring a state.
public struct RestoredState<State: Sendable>: Sendable {
  /// Nil if nothing usable is left.
  public var state: State?
  /// Empty if the state is complete.
  public var problems: [DocumentRejection]

  public init(state: State?, problems: [DocumentRejection] = []) {
    self.state = state
    self.problems = problems
  }
}

extension DurableState {
  public func documentsChanged(since earlier: Self) -> DocumentChanges {
    let (now, before) = (documents, earlier.documents)
    let keys = Set(now.map(\.key))
    let known = Dictionary(before.map { ($0.key, $0.body) }, uniquingKeysWith: { first, _ in first })
    return DocumentChanges(
      written: now.filter { known[$0.key] != $0.body }, removed: before.map(\.key).filter { !keys.contains($0) })
  }

  /// Holds nothing back.
  public func storable(over earlier: Self?) -> (state: Self, heldBack: [HeldBack]) { (self, []) }

  public var itemCount: Int { documents.count }
}
