import Documents

/// The changes of one store to the set of documents.
struct ManifestChange: Sendable {
  var removed: [Document.Key] = []
  /// New documents, ascending, with ids above all existing ones.
  var written: [(key: Document.Key, reference: DocumentReference)] = []
  /// Whether all earlier documents are removed.
  var replacesAll = false
}

/// The documents of the newest generation: by key, to find the documents that a store must write, and in the order of
/// their ids, for manifest and checksum.
struct Manifest: Sendable {
  private var references: [Document.Key: DocumentReference] = [:]
  /// Ascending by id.
  private(set) var ascending: [DocumentReference] = []

  init(_ documents: [(key: Document.Key, reference: DocumentReference)] = []) {
    for document in documents { references[document.key] = document.reference }
    ascending = documents.map(\.reference).sorted { $0.id < $1.id }
  }

  var count: Int { ascending.count }
  var keys: some Collection<Document.Key> { references.keys }

  subscript(_ key: Document.Key) -> DocumentReference? { references[key] }

  /// The manifest after `change`, for the generation that is about to be written. The dictionary is modified only by
  /// ``apply(_:)``, after the transaction has succeeded, so that it is never copied.
  func ascending(after change: ManifestChange) -> [DocumentReference] {
    let written = change.written.map(\.reference)
    if change.replacesAll { return written }
    let gone = Set((change.removed + change.written.map(\.key)).compactMap { references[$0]?.id })
    return ascending.filter { !gone.contains($0.id) } + written
  }

  mutating func apply(_ change: ManifestChange) {
    ascending = ascending(after: change)
    if change.replacesAll { references = [:] }
    for key in change.removed { references[key] = nil }
    for document in change.written { references[document.key] = document.reference }
  }
}
