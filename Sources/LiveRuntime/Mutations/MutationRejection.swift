public import StudioState

/// The reason why a mutation was refused. Nothing has changed.
public struct MutationRejection: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    case unknownLayer, unknownParameter, unknownPackage, wrongType, outOfRange, notFinite, duplicate, tooMany, badName,
      unknownMember, missing
    /// The host is shutting down.
    case stopped
  }

  public var code: Code
  /// The place in the state's JSON, such as `layers.plasma.parameters.mix`.
  public var path: String
  public var detail: String

  public init(_ code: Code, at path: String, _ detail: String) {
    self.code = code
    self.path = path
    self.detail = detail
  }

  public init(_ problem: StateRejection, at path: String? = nil) {
    let code: Code =
      switch problem.code {
      case .wrongType: .wrongType
      case .outOfRange: .outOfRange
      case .notFinite: .notFinite
      case .missing: .missing
      case .unknownMember: .unknownMember
      case .unknownParameter: .unknownParameter
      case .unknownPackage: .unknownPackage
      case .badName: .badName
      case .duplicate: .duplicate
      case .tooMany: .tooMany
      }
    self.init(code, at: path ?? problem.path, problem.detail)
  }

  public var description: String { path.isEmpty ? detail : "\(path): \(detail)" }
}
