/// Lets the common options stand before the command as well as after it: the parser knows them at each command, where
/// they are moved.
enum ArgumentOrder {
  static let common = ["--data-dir", "--output"]

  /// Those before the first argument that is no common option are put at the end, or before `--` if there is one.
  static func withCommonOptionsLast(_ arguments: [String]) -> [String] {
    var leading: [String] = []
    var rest = arguments[...]
    while let first = rest.first {
      if common.contains(first), rest.count >= 2 {
        leading += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else if common.contains(where: { first.hasPrefix("\($0)=") }) {
        leading.append(first)
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    guard !leading.isEmpty, !rest.isEmpty else { return arguments }
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    return rest[..<end] + leading + rest[end...]
  }
}
