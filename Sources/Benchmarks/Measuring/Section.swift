/// What was measured for one goal: lines of name, figure, goal and verdict.
struct Section {
  struct Line {
    var name: String
    var figure: String
    /// Nil for what stands beside a goal: floors, peers, details.
    var goal: String?
    var isMet = true
  }

  /// Such as `G1`.
  var goal: String
  var title: String
  var lines: [Line] = []

  init(_ goal: String, _ title: String) {
    self.goal = goal
    self.title = title
  }

  var isMet: Bool { lines.allSatisfy(\.isMet) }

  /// A figure without a goal of its own.
  mutating func note(_ name: String, _ figure: String) {
    lines.append(Line(name: name, figure: figure))
  }

  mutating func judge(_ name: String, _ figure: String, _ goal: String, isMet: Bool) {
    lines.append(Line(name: name, figure: figure, goal: goal, isMet: isMet))
  }

  /// For people; columns of fixed width.
  var text: String {
    let rows = lines.map { line in
      let verdict = line.goal.map { "  \($0.padded(to: 32))  \(line.isMet ? "met" : "MISSED")" } ?? ""
      return "    \(line.name.padded(to: 58))  \(line.figure.padded(to: 12, atStart: true))\(verdict)"
    }
    return (["\(goal)  \(title)"] + rows).joined(separator: "\n") + "\n"
  }
}

extension String {
  fileprivate func padded(to width: Int, atStart: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - count))
    return atStart ? padding + self : self + padding
  }
}
