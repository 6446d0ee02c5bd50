/// Whether the program runs on a recovered state, and what the ring holds back for that (invariant I8).
///
/// | so far           | a store succeeds   | a generation above the bound is proven | one at or below it is proven |
/// |------------------|--------------------|----------------------------------------|------------------------------|
/// | `none`           | `none`             | `none`                                 | `none`                       |
/// | `unstored(nil)`  | `none`             | as before                              | as before                    |
/// | `unstored(n)`    | `frozen(n)`        | `unstored(nil)`                        | as before                    |
/// | `frozen(n)`      | as before          | `none`                                 | as before                    |
enum RecoveredState: Equatable {
  case none
  /// The recovered state is not a generation yet. The next generation has origin `recovery`, whichever request it fulfils.
  ///
  /// - frozenThrough: generations up to this one stay; nil when nothing has to.
  case unstored(frozenThrough: Int64?)
  /// Generations up to this one stay until a later one is proven.
  case frozen(through: Int64)

  var frozenThrough: Int64? {
    switch self {
    case .none: nil
    case .unstored(let bound): bound
    case .frozen(let bound): bound
    }
  }

  var isUnstored: Bool {
    if case .unstored = self { return true }
    return false
  }

  /// What is there now stays. A freeze that is on goes on as it began.
  mutating func freeze(through newest: Int64) {
    let bound = frozenThrough ?? newest
    self = isUnstored ? .unstored(frozenThrough: bound) : .frozen(through: bound)
  }

  mutating func noteRecovered() {
    self = .unstored(frozenThrough: frozenThrough)
  }

  mutating func noteStored() {
    self = frozenThrough.map { .frozen(through: $0) } ?? .none
  }

  mutating func noteProven(_ generation: Int64) {
    guard let bound = frozenThrough, generation > bound else { return }
    self = isUnstored ? .unstored(frozenThrough: nil) : .none
  }
}
