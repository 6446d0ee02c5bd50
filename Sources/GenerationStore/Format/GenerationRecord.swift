// The on-disk format.
//
// A row of `document` is one part of a state: kind, name, canonical JSON, and the XXH64 of the three. Rows are written
// once and never updated. Ids only grow, and a document that a generation no longer has never returns: a rollback
// writes its content again. The retained generations that share a document are therefore always neighbours.
//
// A row of `generation` is one stored state. Its `documents` name the rows by ranges of ids, and its checksum covers
// every other column and the id and checksum of every document.
//
// A generation is VALID if its row exists with the right checksum, all its documents exist with the right checksums,
// and the documents form a complete state. Nothing else counts as stored. The newest generation is the one with the
// highest number; wall clocks are labels.
//
// The checksum of a document detects a changed body, kind or name. The checksum of a generation detects a document row
// that is missing, exchanged for another or reverted to older content together with its checksum, and a changed column
// or manifest. Neither detects that the newest generations are missing altogether; the high-water mark beside the
// database exists for this case (HeadFile.swift).
//
// Crash argument: documents, row and pruning are one transaction. A crash before the commit's last frame is whole in
// the log leaves the state before it; after that, the state with it. With synchronous=FULL that frame is synced before
// COMMIT returns, and only after that is the generation reported as stored.
//
// Checksum input, integers little-endian: generation, sequence, stored_at_unix_ms, requests, items, bytes, keyframe
// (8 bytes each); origin, reason, actor (8 bytes of length, then UTF-8); document id and checksum (8 bytes each),
// ascending by id.

import PersistenceMessages

/// The fixed columns of a row of `generation`.
struct GenerationRecord: Sendable, Equatable {
  var generation: Int64
  var sequence: Int64
  var storedAtUnixMs: Int64
  var origin: String
  var reason: String
  var actor: String
  /// Requests that this one store fulfilled.
  var requests: Int64
  /// See ``GenerationSummary/items``.
  var items: Int64
  /// Bytes of the documents and the manifest that were written for it.
  var bytes: Int64
  var isKeyframe: Bool

  /// See ``RingEntry/isFallback``.
  var isFallback: Bool { origin == GenerationOrigin.recovery.rawValue }

  /// - Parameter documents: the documents of the manifest, ascending by id.
  func checksum(over documents: some Sequence<DocumentReference>) -> UInt64 {
    var input: [UInt8] = []
    input.reserveCapacity(4096)
    for number in [generation, sequence, storedAtUnixMs, requests, items, bytes, isKeyframe ? 1 : 0] {
      input.append(littleEndian: UInt64(bitPattern: number))
    }
    for text in [origin, reason, actor] {
      input.append(littleEndian: UInt64(text.utf8.count))
      input.append(contentsOf: text.utf8)
    }
    for document in documents {
      input.append(littleEndian: UInt64(bitPattern: document.id))
      input.append(littleEndian: document.checksum)
    }
    return XXH64.hash(input)
  }
}

/// A document's id and checksum in a generation's manifest.
struct DocumentReference: Sendable, Equatable {
  var id: Int64
  var checksum: UInt64
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian word: UInt64) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }
}
