/// Groups problems that concern many generations, such as a damaged shared document, so that each text appears once
/// with the numbers to which it applies, in the order of arrival.
struct GroupedGenerations {
  private var order: [String] = []
  private var numbers: [String: [Int64]] = [:]

  mutating func add(_ generation: Int64, _ words: String) {
    if numbers[words] == nil { order.append(words) }
    numbers[words, default: []].append(generation)
  }

  var lines: [String] {
    order.map { words in
      let ranges = Self.ranges(numbers[words] ?? [])
      let isOne = ranges.count == 1 && ranges.first?.count == 1
      return TextTable.printable("\(isOne ? "generation" : "generations") \(Self.words(ranges)), \(words)")
    }
  }

  static func words(_ ranges: [ClosedRange<Int64>]) -> String {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }.joined(separator: ", ")
  }

  private static func ranges(_ numbers: [Int64]) -> [ClosedRange<Int64>] {
    numbers.sorted().reduce(into: []) { ranges, number in
      if let last = ranges.last, number <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...max(number, last.upperBound)
      } else {
        ranges.append(number...number)
      }
    }
  }
}
