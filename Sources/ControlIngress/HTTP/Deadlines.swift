import Hummingbird
import PersistenceMessages

// Requests that carry a deadline (``RequestDeadline``). It is checked when the request is read and again right before
// something is changed, since the request may wait in between.

extension APICall {
  /// Nil when the request may be acted on at any time.
  func deadline() throws(APIProblem) -> RequestDeadline? {
    let name = RequestDeadline.headerName.lowercased()
    guard let text = request.headers.first(where: { $0.name.canonicalName == name })?.value else { return nil }
    guard let deadline = RequestDeadline(text) else {
      throw APIProblem(
        400, "badDeadline", "the header \(RequestDeadline.headerName) must be UNIX_MS or UNIX_MS BOOT_ID BOOT_MS")
    }
    return deadline
  }
}

extension StudioAPI {
  /// Refuses a request whose deadline has passed.
  func refuseLate(_ call: APICall) throws(APIProblem) {
    if try isTooLate(call)() { throw .deadlinePassed }
  }

  /// Tells, at any later moment, whether the deadline has passed.
  func isTooLate(_ call: APICall) throws(APIProblem) -> @Sendable () -> Bool {
    guard let deadline = try call.deadline() else { return { false } }
    return { [moment = seams.clock.moment] in deadline.hasPassed(at: moment()) }
  }
}

extension APIProblem {
  static var deadlinePassed: APIProblem {
    APIProblem(408, "deadlinePassed", "the request's deadline passed before it was acted on; nothing was changed")
  }
}
