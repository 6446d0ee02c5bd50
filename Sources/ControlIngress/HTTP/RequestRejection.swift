import Documents
import LiveRuntime
import PresetLibrary
import StudioState

/// A refused request, as it is answered: a status and `{"error":{"code","message"}}`. Nothing has changed.
struct RequestRejection: Error, Sendable, Equatable {
  var status: Int
  /// One word for programs.
  var code: String
  /// The object, the cause and the remedy, for people.
  var message: String

  init(_ status: Int, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  var json: JSONValue { ["error": ["code": .string(code), "message": .string(message)]] }
}

extension RequestRejection {
  init(_ refusal: MutationRejection) {
    let status =
      switch refusal.code {
      case .unknownLayer, .unknownParameter: 404
      case .duplicate, .tooMany: 409
      case .unknownPackage, .wrongType, .outOfRange, .notFinite, .badName, .unknownMember, .missing: 422
      case .stopped: 503
      }
    self.init(status, refusal.code.rawValue, refusal.description)
  }

  /// A value in a request's body that can't become part of the state.
  init(_ problem: StateRejection) {
    self.init(problem.code == .duplicate ? 409 : 422, problem.code.rawValue, problem.description)
  }

  init(_ problem: PresetFailure) {
    let (status, code) =
      switch problem.code {
      case .notFound: (404, "unknownPreset")
      case .badName, .badContent: (422, problem.code.rawValue)
      case .tooLarge: (413, problem.code.rawValue)
      case .tooMany: (409, problem.code.rawValue)
      case .io: (500, "failed")
      }
    self.init(status, code, problem.description)
  }

  init(_ problem: ArchiveRejection) {
    let status =
      switch problem.code {
      case .notFound: 404
      case .badName, .badContent: 422
      case .damaged, .duplicate, .tooManyPins, .readOnly: 409
      case .busy: 503
      case .failed: 500
      case .tooLate: RequestRejection.deadlinePassed.status
      }
    guard problem.code != .tooLate else {
      self = .deadlinePassed
      return
    }
    self.init(status, problem.code == .notFound ? "unknownGeneration" : problem.code.rawValue, problem.message)
  }

  /// Whether the connection is closed after the answer: after a body that is too large, and when there are too many
  /// connections.
  var endsConnection: Bool { status == 413 || self == .tooManyConnections }

  static let tooManyConnections = RequestRejection(
    503, "tooManyConnections",
    "too many requests are being answered, of all clients or of this address; only /healthz is answered now: try again")

  static func badQuery(_ name: String, _ expected: String) -> RequestRejection {
    RequestRejection(400, "badQuery", "the query parameter \(name) must be \(expected)")
  }

  static func wrongType(_ path: String, _ expected: String, _ found: JSONValue) -> RequestRejection {
    RequestRejection(422, "wrongType", "\(path): \(expected) is expected, not \(found.kindName)")
  }
}
