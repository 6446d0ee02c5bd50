/// What a program implements to have its state stored: the state's documents, which of them changed, and the way back.
///
/// A state is a value. Its copies are held by other threads while the program goes on changing its own, so copies must
/// be cheap (structural sharing or copy on write), and the requirements must not depend on anything outside the value.
/// All of them are called on the writer's thread or while a session opens, never on the thread that changes the state.
///
/// Every `Codable & Sendable` type gets an implementation by declaring `DurableState`: see ``CodableDocuments``.
public protocol DurableState: Sendable {
  /// The whole state, in any order; keys are unique.
  var documents: [Document] { get }

  /// What differs from `earlier`. Should cost as much as the change and not as much as the state. A document may be listed
  /// although its bytes are the same as before; one that differs must be listed.
  func documentsChanged(since earlier: Self) -> DocumentChanges

  /// The state without the parts that could not be read back, which keep what `earlier` holds there, and the places that
  /// were held back. One bad value must not keep the rest of a state from being stored.
  ///
  /// - Parameter earlier: the state that was stored last; nil when there is none.
  func storable(over earlier: Self?) -> (state: Self, heldBack: [HeldBack])

  /// Puts a state together from the documents of one generation, and names each document that is missing or can't be
  /// used. What such a document held keeps its value from `initial`; the others must not suffer from it.
  ///
  /// - Parameters:
  ///   - documents: with valid checksums, in any order; some may be missing.
  ///   - initial: what the program starts with when nothing was ever stored.
  static func restoring(from documents: [Document], over initial: Self) -> RestoredState<Self>

  /// The count that lists of generations show for this state, such as its layers.
  var itemCount: Int { get }
}

/// What restoring a state gave.
public struct RestoredState<State: Sendable>: Sendable {
  /// Nil when nothing of use is left.
  public var state: State?
  /// Empty when the state is whole.
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
