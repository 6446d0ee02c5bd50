public import Documents
public import StudioState

/// Access to the stored generations for HTTP requests. The implementation runs on threads that may wait for the disk. A
/// `reference` is a generation's number, `current`, `previous`, `proven`, or a pin's label.
public protocol GenerationArchive: Sendable {
  /// `{"generations":[…]}`, newest first.
  func list() async throws(ArchiveRejection) -> JSONValue
  /// `{"generation":{…},"state":{…}}`.
  func show(_ reference: String) async throws(ArchiveRejection) -> JSONValue
  /// `{"from","to","changes":[…]}`.
  func diff(from: String, to: String) async throws(ArchiveRejection) -> JSONValue
  /// A generation's state, after all its checksums were verified.
  func state(of reference: String) async throws(ArchiveRejection) -> ArchivedState
  /// The state in an exported file. May compute for a while; reads no files.
  ///
  /// - Parameter installed: packages of the importing show; packages in the file take precedence.
  func importedState(_ content: [UInt8], installed: PackageCatalog) throws(ArchiveRejection) -> StudioState
  /// The newest stored generation; nil if there is none.
  func currentGeneration() async throws(ArchiveRejection) -> Int64?
  /// The differences between two states: `[{"path","before","after"}]`.
  func changes(from: StudioState, to: StudioState) -> JSONValue
  /// Labels a generation.
  ///
  /// - Parameter isTooLate: evaluated immediately before the mark is set; if true, nothing is changed.
  /// - Returns: the number of the generation that has the label now.
  func pin(
    _ reference: String, label: String, isTooLate: @escaping @Sendable () -> Bool
  ) async throws(ArchiveRejection) -> Int64
  /// Removes a generation's label. Parameters and result as for ``pin(_:label:isTooLate:)``.
  func unpin(_ reference: String, isTooLate: @escaping @Sendable () -> Bool) async throws(ArchiveRejection) -> Int64
}

public struct ArchivedState: Sendable {
  public var generation: Int64
  public var state: StudioState
  /// The sequence of the newest mutation in it.
  public var sequence: UInt64

  public init(generation: Int64, state: StudioState, sequence: UInt64 = 0) {
    self.generation = generation
    self.state = state
    self.sequence = sequence
  }
}

/// The reason why the archive refused a request. Nothing has changed.
public struct ArchiveRejection: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case notFound
    /// The generation fails its checksums.
    case damaged
    /// The label violates the rule for labels.
    case badName
    /// Another generation has the label.
    case duplicate
    case tooManyPins
    /// The imported content is invalid.
    case badContent
    /// Another program holds the database; the same request can succeed later.
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
