/// The parameters of one layer by name, in the order of their names' bytes.
///
/// The names are one array shared by every version of the layer, so that changing a value copies the values only
/// (40 of them: one allocation of 1.6 KB). Lookup is a binary search.
public struct ParameterTable: Sendable, Equatable {
  /// Sorted by UTF-8 bytes, without repetition.
  public private(set) var names: [String]
  /// `values[i]` belongs to `names[i]`.
  public private(set) var values: [ParameterValue]

  public static let empty = ParameterTable([])

  /// Of two pairs with the same name the later one counts.
  public init(_ pairs: [(name: String, value: ParameterValue)]) {
    names = []
    values = []
    names.reserveCapacity(pairs.count)
    values.reserveCapacity(pairs.count)
    // The sort is stable, so that the later of two equal names comes later.
    for pair in pairs.sorted(by: { CanonicalJSON.precedes($0.name, $1.name) }) {
      if let last = names.last, last.utf8.elementsEqual(pair.name.utf8) {
        values[values.count - 1] = pair.value
      } else {
        names.append(pair.name)
        values.append(pair.value)
      }
    }
  }

  public var count: Int { names.count }

  public subscript(_ name: String) -> ParameterValue? {
    index(of: name).map { values[$0] }
  }

  /// Replaces the value of a parameter that exists; false, and nothing changed, when there is none of that name.
  public mutating func replace(_ name: String, with value: ParameterValue) -> Bool {
    guard let index = index(of: name) else { return false }
    values[index] = value
    return true
  }

  private func index(of name: String) -> Int? {
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low + high) / 2
      if CanonicalJSON.precedes(names[middle], name) { low = middle + 1 } else { high = middle }
    }
    return low < names.count && names[low].utf8.elementsEqual(name.utf8) ? low : nil
  }
}
