import PersistenceMessages
import StudioState

// The checks of a recovered show: a loss is announced until it is acknowledged, and power losses are not crashes.
extension World {
  /// Of the decision with which a life begins.
  func checkGuard(_ opening: Disk.Opening) {
    guard opening.isAfterCrashLoop else { return }
    count { $0.crashLoops += 1 }
    require(
      opening.trueCrashes >= scenario.crashLoopLimit, .goodStays,
      "the guard against crash loops acts after \(opening.trueCrashes) crashes; the other ends were power losses")
  }
}

extension HostLife {
  /// As health shows it.
  func checkLoss() {
    let announced = loss?.isOpen ?? false
    world.require(
      announced || !world.disk.hasUnseenLoss, .nothingSilent,
      "a start has lost something, it was not acknowledged, and nothing announces it")
  }

  /// Called with each generation that is about to be marked.
  func checkProof(_ generation: Int64) {
    guard world.disk.hasDarkRecovery, let show = world.disk.visible.shows[generation] else { return }
    world.require(
      !show.state.isDark, .goodStays,
      "generation \(generation) shows nothing, after a loss that was not acknowledged, and is marked as proven")
  }

  /// The operator acknowledges, or changes the show.
  func acknowledgeLoss() {
    guard let open = loss, open.isOpen else { return }
    world.note(13, "the loss is acknowledged")
    world.count { $0.acknowledged += 1 }
    loss = open.acknowledged(at: "now")
    world.disk.acknowledgeLoss(loss)
  }

  func acknowledgeLater() {
    world.schedule(in: world.random.scattered(.seconds(1), .seconds(60)), life: number) { [self] in
      acknowledgeLoss()
      acknowledgeLater()
    }
  }
}

extension StudioState {
  /// Whether it renders nothing.
  var isDark: Bool { !layers.contains { $0.isEnabled } }
}
