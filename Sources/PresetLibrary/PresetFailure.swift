/// The reason why a preset could not be saved, loaded, listed or deleted. Nothing has changed when it is thrown, with
/// one exception: after an `io` failure of the last sync of a save or deletion, the preset is either the old or the new
/// one.
public struct PresetFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    /// There is no preset of that name.
    case notFound
    /// The name breaks the rule for names.
    case badName
    /// The file is not JSON, or not a stack of layers that fits the current packages.
    case badContent
    /// The file, or what would be written, is larger than ``PresetLibrary/maximumBytes``.
    case tooLarge
    /// There are ``PresetLibrary/maximumCount`` presets already.
    case tooMany
    /// The disk or the folder refused.
    case io
  }

  public var code: Code
  /// The name as given; empty if the folder is the problem.
  public var name: String
  /// One sentence that names the preset and the position in it.
  public var message: String
  /// What the operator can do.
  public var remedy: String

  public init(_ code: Code, name: String, _ message: String, remedy: String) {
    self.code = code
    self.name = name
    self.message = message
    self.remedy = remedy
  }

  public var description: String { "\(message). \(remedy)" }
}
