import PersistenceMessages

/// The functions that the real code calls: clock, observer, the coordinator's request. At each of them the seed may let
/// another thread run, as on a real machine.
///
/// `@unchecked Sendable`: a world and everything in it is used by one thread.
final class HostSeams: @unchecked Sendable {
  /// The longest interruption of a thread between the publication of its snapshot and its request.
  static let longestStandstill = Duration.milliseconds(300)

  private unowned let world: World

  init(world: World) {
    self.world = world
  }

  /// The running host; nil before it is created and after it has ended, when calls of its code are ignored.
  private var host: HostLife? { world.life.flatMap { $0.isOver ? nil : $0 } }

  func now() -> Duration {
    guard host?.isOnWorkersThread == true, world.scenario.preemption > 0 else { return world.now }
    // The time is read before others run on, or after it.
    let before = world.now
    interrupt()
    return world.random.chance(0.5) ? before : world.now
  }

  func observe(_ observation: PersistenceObservation) {
    host?.note(observation)
    if host != nil { interrupt() }
  }

  /// On the mutating thread, after its snapshot was published.
  func request(_ request: PersistenceRequest) {
    guard let host else { return }
    host.noteAccepted(request)
    interrupt()
    guard !host.isOver, !world.isOver else { return }
    if world.random.chance(world.scenario.preemption) {
      // The thread is interrupted for longer than other threads need for whole mutations.
      world.schedule(in: world.random.scattered(.microseconds(10), Self.longestStandstill), life: host.number) {
        host.deliver(request)
      }
    } else {
      host.deliver(request)
      interrupt()
    }
  }

  private func interrupt() {
    guard world.canInterrupt, world.random.chance(world.scenario.preemption) else { return }
    world.pass(world.random.scattered(.microseconds(1), StoreWatch.longestInterruption))
  }
}
