import GenerationStore
import PersistenceMessages
import PersistencePipeline

// What a host does by itself, and what is done to it.
extension HostLife {
  func scheduleSurfaces() {
    for style in world.scenario.surfaces {
      Surface(style, host: self, random: world.random.fork()).begin()
    }
  }

  func scheduleUpkeep() {
    settleLater()
    proveLater(candidate: nil, since: world.now)
    world.schedule(in: world.scenario.provingTime, life: number) { [self] in
      if !isStopping { world.disk.noteHealthyRun() }
    }
  }

  private func settleLater() {
    world.schedule(in: .milliseconds(66), life: number) { [self] in
      settle()
      settleLater()
    }
  }

  /// As the host's `Proving`: a generation that the host has run on for a while is marked.
  private func proveLater(candidate: Int64?, since: Duration) {
    world.schedule(in: .milliseconds(250), life: number) { [self] in
      let stored = writer.status().storedGeneration
      let isSame = stored == candidate
      let isDue = isSame && world.now - since >= world.scenario.provingTime
      if isDue, let stored, world.disk.visible.ring[stored]?.isProven == false {
        maintain(timeout: .seconds(5)) { [self] store in
          guard !isHeld(stored) else { return }
          checkProof(stored)
          if store.maintain(stored, { $0.markProven(stored) }) { noteProven(stored) }
        }
      }
      proveLater(candidate: stored, since: isSame && !isDue ? since : world.now)
    }
  }

  /// The real rule, asked about what is stored.
  private func isHeld(_ generation: Int64) -> Bool {
    guard let loss, let show = world.disk.visible.shows[generation] else { return false }
    return loss.holdsProof(whenBlank: show.state.isDark, rungs: Disk.rungs)
  }

  private func noteProven(_ generation: Int64) {
    world.note(9, "generation \(generation) is proven")
    guard let proven = loss?.afterProof() else { return }
    loss = proven
    world.disk.noteProven(proven)
  }

  /// - Parameter isPoisonous: the show kills the host soon after the start.
  func scheduleEnding(isPoisonous: Bool) {
    if isPoisonous {
      // Only as long as there is trouble at all: the end of a world wants a host that stays.
      schedule(.killed, in: world.random.between(.milliseconds(50), .seconds(1)))
    } else if let mean = world.scenario.meanLife {
      let ending = world.random.pick([HostEnding.killed, .killed, .powerLost, .exited])
      schedule(ending, in: world.random.between(.milliseconds(1), mean * 2))
    }
  }

  private func schedule(_ ending: HostEnding, in delay: Duration) {
    world.schedule(in: delay, life: number) { [self] in
      guard !world.isCalm else { return }
      if ending == .exited {
        shutDown(within: world.random.between(.milliseconds(50), .seconds(3)))
      } else {
        end(ending)
      }
    }
  }
}
