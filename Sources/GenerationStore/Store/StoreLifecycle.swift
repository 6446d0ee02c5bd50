import PersistenceMessages

/// Whether the store has its database open, and if not, what the next opening must do first.
///
///     down ──opening succeeds──► open ──a failure (SessionVerdict), files moved──► down
///     down, open ──close──► closed, for good
enum StoreLifecycle {
  case down(BeforeOpening)
  case open(StoreSession)
  case closed

  var session: StoreSession? {
    if case .open(let session) = self { return session }
    return nil
  }

  var isClosed: Bool {
    if case .closed = self { return true }
    return false
  }

  /// What the next opening must do first; `nothing` unless the database is down.
  var beforeOpening: BeforeOpening {
    if case .down(let task) = self { return task }
    return .nothing
  }
}

/// What must happen before SQLite may open the database again.
///
/// | so far             | the opening fails                                        | next time          |
/// |--------------------|----------------------------------------------------------|--------------------|
/// | any                | `corrupt`, and the store may replace the database        | `replace`          |
/// | any                | `corrupt`, and the caller decides what becomes of it     | as before          |
/// | any                | `io` or `full` while log and tables are prepared: a sync | `renewLog`         |
/// | `replace`          | otherwise, and the database was replaced already         | `nothing`          |
/// | any                | otherwise                                                | as before          |
enum BeforeOpening: Equatable {
  case nothing
  /// A sync failed: the kernel may show pages of the log that never reached the disk (LogRenewal.swift).
  case renewLog
  /// The database goes to quarantine, and a fresh one takes its place.
  case replace(DatabaseDamage)

  /// How far an opening came before it failed.
  enum Progress: Equatable {
    /// The database could not be replaced, or an interrupted replacement could not be finished.
    case replacing
    /// The right database lies in its place; its log or its tables failed.
    case preparing
  }

  func afterFailure(
    _ code: StoreFailure.Code, _ progress: Progress, replacesDamaged: Bool
  ) -> BeforeOpening {
    switch (code, progress) {
    case (.corrupt, _) where replacesDamaged: .replace(DatabaseDamage())
    case (.io, .preparing), (.full, .preparing): .renewLog
    case (_, .preparing): isReplacing ? .nothing : self
    case (_, .replacing): self
    }
  }

  private var isReplacing: Bool {
    if case .replace = self { return true }
    return false
  }
}

/// Why a database has to be replaced.
struct DatabaseDamage: Equatable {
  /// A part of the quarantined folder's name.
  var reason = "damaged"
  /// Whether what can be read goes into the fresh database.
  var isSalvaged = true
}

/// The newest state that this process has stored or restored, and whether the open database holds it.
enum NewestStored {
  case none
  case held(Entry)
  /// The database was closed since, or never held it: look before anything depends on it.
  case doubtful(Entry)

  struct Entry {
    var snapshot: PersistenceSnapshot
    var generation: Int64
    var checksum: UInt64
  }

  var entry: Entry? {
    switch self {
    case .none: nil
    case .held(let entry), .doubtful(let entry): entry
    }
  }

  var isDoubtful: Bool {
    if case .doubtful = self { return true }
    return false
  }

  mutating func doubt() {
    if let entry { self = .doubtful(entry) }
  }

  mutating func confirm() {
    if let entry { self = .held(entry) }
  }
}

/// Whether the alarm about a log that can't be emptied was announced: once per alarm, not once per checkpoint.
enum LogAlarm {
  case quiet, announced

  /// - Returns: whether to announce it now.
  mutating func note(isAlarming: Bool) -> Bool {
    defer { self = isAlarming ? .announced : .quiet }
    return isAlarming && self == .quiet
  }
}
