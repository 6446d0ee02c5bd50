import Documents

/// The parameters of one layer by name, in the order of their names' bytes.
///
/// The cost of changing a value must be small and nearly independent of the layer's size. The names are one array that
/// all versions of the layer share. Single numbers are in an array of 16 bytes each without references, so that it is
/// copied as plain memory (640 bytes for 40 numbers, which the C library allocates without a lock). Lookup is a binary
/// search.
public struct ParameterTable: Sendable {
  /// Sorted by UTF-8 bytes, without repetition.
  public private(set) var names: [String]
  private var slots: [Slot] = []
  /// Points, colours and texts, in the order of their names.
  private var others: [ParameterValue] = []

  fileprivate enum Slot: Sendable {
    case bool(Bool)
    case int(Int64)
    case double(Double)
    /// The index in `others`.
    case other(Int32)
  }

  public static let empty = ParameterTable([])

  /// Of two pairs with the same name the later one is used.
  public init(_ pairs: [(name: String, value: ParameterValue)]) {
    names = []
    names.reserveCapacity(pairs.count)
    var values: [ParameterValue] = []
    values.reserveCapacity(pairs.count)
    // The sort is stable, so that the later of two equal names comes later.
    for pair in pairs.sorted(by: { CanonicalJSON.precedes($0.name, $1.name) }) {
      if let last = names.last, UTF8Order.compare(last, pair.name) == 0 {
        values[values.count - 1] = pair.value
      } else {
        names.append(pair.name)
        values.append(pair.value)
      }
    }
    fill(values)
  }

  private mutating func fill(_ values: [ParameterValue]) {
    others = []
    slots = values.map { value in
      if let slot = Slot(value) { return slot }
      others.append(value)
      return .other(Int32(others.count - 1))
    }
  }

  public var count: Int { names.count }

  /// `values[i]` belongs to `names[i]`.
  public var values: Values { Values(table: self) }

  public subscript(_ name: String) -> ParameterValue? {
    index(of: name).map { value(at: $0) }
  }

  /// Replaces the value of an existing parameter. Returns false, and changes nothing, if there is none of that name.
  public mutating func replace(_ name: String, with value: ParameterValue) -> Bool {
    guard let index = index(of: name) else { return false }
    switch (slots[index], Slot(value)) {
    case (.other(let place), nil): others[Int(place)] = value
    case (.other, .some), (_, nil):
      // The type has changed, as it may when a package is reloaded.
      var all = Array(values)
      all[index] = value
      fill(all)
    case (_, let slot?): slots[index] = slot
    }
    return true
  }

  private func value(at index: Int) -> ParameterValue {
    switch slots[index] {
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .double(let value): .double(value)
    case .other(let place): others[Int(place)]
    }
  }

  private func index(of name: String) -> Int? {
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low + high) / 2
      let order = UTF8Order.compare(names[middle], name)
      if order == 0 { return middle }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}

extension ParameterTable {
  /// The values of a table, in the order of its names; computed on access.
  public struct Values: RandomAccessCollection, Sendable {
    fileprivate let table: ParameterTable

    public var startIndex: Int { 0 }
    public var endIndex: Int { table.count }
    public subscript(_ position: Int) -> ParameterValue { table.value(at: position) }
  }
}

extension ParameterTable: Equatable {
  public static func == (left: ParameterTable, right: ParameterTable) -> Bool {
    left.names == right.names && left.values.elementsEqual(right.values)
  }
}

extension ParameterTable.Slot {
  /// Nil if the value does not fit.
  fileprivate init?(_ value: ParameterValue) {
    switch value {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .double(let value): self = .double(value)
    case .point2D, .color, .string: return nil
    }
  }
}
