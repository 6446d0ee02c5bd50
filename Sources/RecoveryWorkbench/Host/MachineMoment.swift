import Concurrency
import GenerationStore
package import PersistenceMessages

extension RequestDeadline.Moment {
  /// This moment, on this machine.
  package static func now() -> RequestDeadline.Moment {
    let boot = bootID.map { Boot(id: $0, milliseconds: BootClock.milliseconds()) }
    return RequestDeadline.Moment(unixMilliseconds: WallClock.unixMilliseconds(), boot: boot)
  }

  /// Nil where the system does not name its boots.
  private static let bootID = BootID.current
}
