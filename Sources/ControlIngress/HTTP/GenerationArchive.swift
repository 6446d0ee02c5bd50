public import StudioState

/// What requests may ask of the stored generations; the host fills it, on threads that may wait for the disk. A
/// `reference` is a generation's number, `current`, `previous`, `proven`, or a pin's label.
public protocol GenerationArchive: Sendable {
  /// `{"generations":[…]}`, newest first.
  func list() async throws(ArchiveRejection) -> JSONValue
  /// `{"generation":{…},"state":{…}}`.
  func show(_ reference: String) async throws(ArchiveRejection) -> JSONValue
  /// `{"from","to","changes":[…]}`.
  func diff(from: String, to: String) async throws(ArchiveRejection) -> JSONValue
  /// A generation's state, all checksums verified.
  func state(of reference: String) async throws(ArchiveRejection) -> ArchivedState
  /// The state in an exported file. Computes for a while, and reads nothing.
  ///
  /// - Parameter installed: packages of the show that takes it; those in the file count before them.
  func importedState(_ content: [UInt8], installed: PackageCatalog) throws(ArchiveRejection) -> StudioState
  /// The newest stored generation; nil when there is none.
  func currentGeneration() async throws(ArchiveRejection) -> Int64?
  /// What differs between two states: `[{"path","before","after"}]`.
  func changes(from: StudioState, to: StudioState) -> JSONValue
  /// The number of the generation that carries the label now.
  ///
  /// - Parameter isTooLate: asked right before the mark is set; nothing is done once it is true.
  func pin(
    _ reference: String, label: String, isTooLate: @escaping @Sendable () -> Bool
  ) async throws(ArchiveRejection) -> Int64
  /// The number of the generation that carries no label any more; otherwise as ``pin(_:label:isTooLate:)``.
  func unpin(_ reference: String, isTooLate: @escaping @Sendable () -> Bool) async throws(ArchiveRejection) -> Int64
}

public struct ArchivedState: Sendable {
  public var generation: Int64
  public var state: StudioState

  public init(generation: Int64, state: StudioState) {
    self.generation = generation
    self.state = state
  }
}

/// Why the archive can't answer. Nothing has changed then.
public struct ArchiveRejection: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case notFound
    /// The generation fails its checksums.
    case damaged
    /// The label breaks the rule for labels.
    case badName
    /// The label is another generation's.
    case duplicate
    case tooManyPins
    /// What was to be imported breaks a rule.
    case badContent
    /// Somebody else holds the database; the same request can succeed later.
    case busy
    case readOnly
    /// The request's deadline has passed.
    case tooLate
    case failed
  }

  public var code: Code
  /// Names the generation, the cause and the remedy.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
