import StudioState

/// A time, and the part of the time until it that the world consumed (a late worker, a slow disk). Bounds apply to the
/// rest.
struct Mark {
  var time: Duration
  var taken: Duration
}

/// The mutations that one life of the host has accepted, as the simulation observed them: the reference for all checks.
struct Ledger {
  struct Entry {
    let state: StudioState
    /// The time at which the request reached the writer; nil while the mutating thread has not made it yet.
    var requestedAt: Mark?
    /// The worker's last poll before that.
    var lookBefore: Duration = .zero
  }

  /// The sequence that the life began with.
  let base: UInt64
  /// `entries[i]` belongs to the sequence `base + 1 + i`.
  private(set) var entries: [Entry] = []
  /// Highest sequence that was requested from the writer.
  private(set) var requested: UInt64
  /// Highest sequence for which a store succeeded.
  private(set) var stored: UInt64
  /// Of the requests above ``stored`` the oldest: since when something is unsaved.
  private(set) var oldestUnsaved: Entry?
  /// When the highest sequence was requested; nil when nothing is unsaved.
  private(set) var lastRequestedAt: Mark?

  init(base: UInt64) {
    self.base = base
    requested = base
    stored = base
  }

  var newest: UInt64 { base + UInt64(entries.count) }
  var hasUnsaved: Bool { requested > stored }

  func state(of sequence: UInt64) -> StudioState? {
    sequence > base && sequence <= newest ? entries[index(of: sequence)].state : nil
  }

  mutating func accept(_ state: StudioState) {
    entries.append(Entry(state: state))
  }

  mutating func noteRequested(_ sequence: UInt64, at mark: Mark, lookBefore: Duration) {
    // A request that was overtaken by a later one adds nothing.
    if sequence > requested { lastRequestedAt = mark }
    requested = max(requested, sequence)
    entries[index(of: sequence)].requestedAt = mark
    entries[index(of: sequence)].lookBefore = lookBefore
    guard sequence > stored else { return }
    oldestUnsaved = oldestUnsaved ?? entries[index(of: sequence)]
  }

  mutating func noteStored(_ sequence: UInt64) {
    stored = max(stored, sequence)
    requested = max(requested, stored)
    oldestUnsaved = nil
    for entry in entries[Int(stored - base)...] {
      guard let mark = entry.requestedAt, mark.time < oldestUnsaved?.requestedAt?.time ?? .seconds(Int64.max) else {
        continue
      }
      oldestUnsaved = entry
    }
    if oldestUnsaved == nil { lastRequestedAt = nil }
  }

  private func index(of sequence: UInt64) -> Int { Int(sequence - base) - 1 }
}
