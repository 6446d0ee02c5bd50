import Hummingbird
import PersistenceMessages

// Requests that carry a deadline (``RequestDeadline``). It is checked when the request is read and again immediately
// before a change, because the request may wait in between.

extension APICall {
  /// Nil if the request has no deadline.
  func deadline() throws(RequestRejection) -> RequestDeadline? {
    let name = RequestDeadline.headerName.lowercased()
    guard let text = request.headers.first(where: { $0.name.canonicalName == name })?.value else { return nil }
    guard let deadline = RequestDeadline(text) else {
      throw RequestRejection(
        400, "badDeadline", "the header \(RequestDeadline.headerName) must be UNIX_MS or UNIX_MS BOOT_ID BOOT_MS")
    }
    return deadline
  }
}

extension StudioAPI {
  /// Refuses a request whose deadline has passed.
  func refuseLate(_ call: APICall) throws(RequestRejection) {
    if try isTooLate(call)() { throw .deadlinePassed }
  }

  /// A closure that returns whether the deadline has passed when it is called.
  func isTooLate(_ call: APICall) throws(RequestRejection) -> @Sendable () -> Bool {
    guard let deadline = try call.deadline() else { return { false } }
    return { [moment = seams.clock.moment] in deadline.hasPassed(at: moment()) }
  }
}

extension RequestRejection {
  static var deadlinePassed: RequestRejection {
    RequestRejection(408, "deadlinePassed", "the request's deadline passed before it was acted on; nothing was changed")
  }
}
