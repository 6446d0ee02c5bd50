import GenerationStore

/// Starts and boots as the data folder records them (`starts.json`), with the real ``StartTally``, and the true number
/// of crashes, which only the simulation knows.
struct Boots {
  /// The content that programs see.
  private(set) var tally: StartTally?
  /// The content that survives a power loss: a start does not sync its count, a healthy run does.
  private var durable: StartTally?
  private var number = 1
  /// Ends by kill -9 before the proving time was over, since the last run that lasted or ended in order.
  private(set) var trueCrashes = 0
  private var isHealthy = false

  var boot: String { "boot-\(number)" }

  /// - Returns: crashes in a row, as the host counts them.
  mutating func start(limit: Int) -> Int {
    let crashes = tally?.crashes(underBoot: boot) ?? 0
    tally = (tally ?? StartTally(starts: 0)).counting(underBoot: boot, limit: limit)
    isHealthy = false
    return crashes
  }

  /// The run has lasted for the proving time, or ended in order.
  mutating func noteHealthy(limit: Int) {
    tally = StartTally(starts: 0, boot: boot, limit: limit)
    durable = tally
    trueCrashes = 0
    isHealthy = true
  }

  /// - Parameter keepsUnsynced: whether the system had written the count by itself.
  mutating func end(_ ending: HostEnding, keepsUnsynced: Bool) {
    switch ending {
    case .exited: break
    case .killed: if !isHealthy { trueCrashes += 1 }
    case .powerLost:
      if keepsUnsynced { durable = tally } else { tally = durable }
      number += 1
    }
  }
}
