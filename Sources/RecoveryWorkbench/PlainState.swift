import Documents

/// The state of a program that this tool knows nothing of, as people read it: a line for each document, by its path in
/// the state's JSON, as in `diff`.
struct PlainState {
  var documents: [Document]

  /// Sorted by path. An object whose members are documents of their own has no line.
  var lines: [String] {
    let values = ValueChange.changes(from: [], to: documents)
    let parents = Set(documents.filter { !$0.key.name.isEmpty }.map(\.key.kind.rawValue))
    return values.compactMap { value in
      let text = value.after.map { CanonicalJSON.text($0) } ?? "-"
      if text == "{}", parents.contains(value.path) { return nil }
      return TextTable.printable("\(value.path): \(text)")
    }
  }
}
