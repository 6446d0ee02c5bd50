/// Why a snapshot could not be stored: what the operator reads and what the writer decides by.
public struct StoreFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    /// Somebody else holds the write lock.
    case busy
    /// No space, or a quota or file-size limit is reached.
    case full
    /// The device or file system reported an error.
    case io
    /// The database or its file system can't be written.
    case readOnly
    /// The database is damaged or no database.
    case corrupt
    /// The file can't be opened: missing folder, permission.
    case cannotOpen
    /// The database's files were moved, deleted or replaced.
    case moved
    /// The database was written by a newer Afterimage.
    case newerSchema
    /// The state can't be encoded.
    case encoding
    /// A rule that our own code must keep is broken.
    case invariant
  }

  public var code: Code
  /// One sentence: what failed, on what, with the system's words.
  public var message: String
  /// What the operator can do.
  public var remedy: String
  /// Whether the same attempt can succeed later without anybody's help.
  public var canRetry: Bool

  public init(_ code: Code, _ message: String, remedy: String, canRetry: Bool) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.canRetry = canRetry
  }

  public var description: String { "\(message). \(remedy)" }
}
