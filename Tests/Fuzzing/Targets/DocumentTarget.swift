import Documents
import StudioState

/// Documents, one a line: the first letter of the kind, the name up to a space, the body. Each of them is in the state
/// that is read, or reported; and that state reads back from its own documents, whole and as it was.
func documentsAreReadOrReported(_ bytes: UnsafeBufferPointer<UInt8>) {
  let documents = bytes.split(separator: UInt8(ascii: "\n")).compactMap(document)
  let reading = StudioState.reading(documents)
  let state = reading.state
  mustHold(state.layers.count <= LayerStack.maximumCount, "the layers are bounded")
  let rewritten = state.documents
  let again = StudioState.reading(rewritten)
  mustHold(again.problems.isEmpty, "what was read is whole when it is stored: \(again.problems)")
  mustHold(again.state.documents == rewritten, "what was read is written as the same bytes, again and again")
  if reading.problems.isEmpty {
    mustHold(documents.count == rewritten.count, "a reading without a problem used every document once")
    mustHold(Set(documents.map(\.key)) == Set(rewritten.map(\.key)), "it holds what the documents named")
  }
  let (reconciled, _) = state.reconciled(with: SampleShow.catalog)
  mustBeStorable(reconciled)
}

private func document(_ line: UnsafeBufferPointer<UInt8>.SubSequence) -> Document? {
  guard let letter = line.first,
    let kind = [Document.Kind.layer, .stack, .config, .packages].first(where: { $0.rawValue.utf8.first == letter })
  else { return nil }
  let name = line.dropFirst().prefix { $0 != UInt8(ascii: " ") }
  let body = line.dropFirst(name.count + 2)
  return Document(.init(kind, String(decoding: name, as: UTF8.self)), body: Array(body))
}
