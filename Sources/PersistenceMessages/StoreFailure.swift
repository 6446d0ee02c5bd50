/// The reason why a snapshot could not be stored. Operators read its texts; the writer decides by its code.
public struct StoreFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    /// Another program holds the write lock.
    case busy
    /// No space, or a quota or file-size limit is reached.
    case full
    /// The device or file system reported an error.
    case io
    /// The database or its file system can't be written.
    case readOnly
    /// The database is damaged, or the file is not a database.
    case corrupt
    /// The file can't be opened: missing folder, permission.
    case cannotOpen
    /// The database's files were moved, deleted or replaced.
    case moved
    /// SQLite returned a code that indicates neither a fault of the disk nor a bug of ours.
    case unexpected
    /// The database was written by a newer Afterimage.
    case newerSchema
    /// The state can't be encoded.
    case encoding
    /// An invariant of our own code is broken.
    case invariant

    /// The writer's reaction to a failure with this code. The only place that decides it: the planner halts on
    /// ``Retry/never`` and on nothing else.
    public var retry: Retry {
      switch self {
      case .busy, .full, .io, .readOnly, .corrupt, .cannotOpen, .moved, .unexpected: .soon
      // An operator may put an older database there; the wait between attempts bounds the cost.
      case .newerSchema: .soon
      case .encoding: .slowly
      case .invariant: .never
      }
    }
  }

  public enum Retry: Sendable, Equatable {
    /// After a short wait, which doubles with each failure in a row.
    case soon
    /// After the longest wait: only another state can succeed.
    case slowly
    /// Not in this process: storing stops until a restart.
    case never
  }

  public var code: Code
  /// One sentence: the operation, its object, and the system's error text.
  public var message: String
  /// What the operator can do.
  public var remedy: String
  /// Whether the writer makes another attempt; see ``Code/retry``.
  public var canRetry: Bool { code.retry != .never }

  public init(_ code: Code, _ message: String, remedy: String) {
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  public var description: String { "\(message). \(remedy)" }
}
