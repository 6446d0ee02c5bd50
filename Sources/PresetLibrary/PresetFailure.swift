/// Why a preset could not be saved, loaded, listed or deleted. Nothing has changed when it is thrown, save for an `io`
/// problem of a save or deletion whose last sync failed: the preset is then old or new, whole.
public struct PresetFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    /// There is no preset of that name.
    case notFound
    /// The name breaks the rule for names.
    case badName
    /// The file is no JSON, or no stack of layers that fits the packages of today.
    case badContent
    /// The file, or what would be written, is larger than ``PresetLibrary/maximumBytes``.
    case tooLarge
    /// There are ``PresetLibrary/maximumCount`` presets already.
    case tooMany
    /// The disk or the folder refused.
    case io
  }

  public var code: Code
  /// As it was given; empty when the problem is the folder's.
  public var name: String
  /// One sentence that names the preset and the place in it.
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
