public import StudioState

/// What the control surfaces need of the presets folder; the host fills it. Every function may block on the disk and is
/// called from a thread that may wait, never from one that reads packets or connections.
public protocol PresetShelf: Sendable {
  /// All presets, sorted by name.
  func list() throws(PresetShelfProblem) -> [PresetEntry]
  /// A preset as it stands in its file.
  func read(_ name: String) throws(PresetShelfProblem) -> JSONValue
  /// A preset against the packages of now, for `Mutation.loadPreset`.
  func load(_ name: String) throws(PresetShelfProblem) -> StudioState
  /// Returns once the file is on disk.
  func save(_ name: String, _ state: StudioState) throws(PresetShelfProblem)
  func delete(_ name: String) throws(PresetShelfProblem)
}

/// One preset in the list.
public struct PresetEntry: Sendable, Equatable {
  public var name: String
  public var bytes: Int64
  /// Wall clock, milliseconds since 1970.
  public var modifiedAtUnixMs: Int64

  public init(name: String, bytes: Int64, modifiedAtUnixMs: Int64) {
    self.name = name
    self.bytes = bytes
    self.modifiedAtUnixMs = modifiedAtUnixMs
  }
}

/// Why a preset can't be read, loaded, saved or deleted. Nothing has changed then.
public struct PresetShelfProblem: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case notFound, badName
    /// The file is no preset, or not one for the packages of now.
    case badContent
    case tooLarge
    /// The folder has as many presets as are allowed.
    case tooMany
    /// The disk or the file system refused.
    case failed
  }

  public var code: Code
  /// Names the preset, the cause and the remedy.
  public var description: String

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
