import LiveRuntime
import NIOPosix
import PresetLibrary
import StudioState
import Synchronization

/// What becomes of one datagram: decoded, turned into commands, performed as one batch. No sockets here.
///
/// Runs on the thread that reads the socket. A batch costs the coordinator's microseconds; only a preset goes to a
/// thread that may wait for the disk, together with the rest of its bundle, so that the bundle stays one mutation.
final class OSCReceiver: Sendable {
  /// Time tags up to here in the future are performed at once, later ones dropped: senders write "now plus latency" on
  /// clocks that may be seconds off, and a queue of future packets would be state that nobody sees.
  static let futureBound: Duration = .seconds(10)
  /// Answers to one packet at most; each is as long as its question, so nothing is amplified.
  static let maximumReplies = 8
  /// Preset loads that wait for the disk at most; further ones are refused.
  private static let maximumLoads = 4

  let counters: OSCCounters
  private let coordinator: RuntimeCoordinator
  private let clock: ControlClock
  private let presets: any PresetShelf
  private let diskThread: NIOThreadPool
  private let countMutations: MutationCount
  private let reportProblem: @Sendable (String) -> Void
  private let waitingLoads = Atomic<Int>(0)

  init(
    coordinator: RuntimeCoordinator, clock: ControlClock, presets: any PresetShelf, counters: OSCCounters,
    diskThread: NIOThreadPool, countMutations: @escaping MutationCount = { _, _ in },
    reportProblem: @escaping @Sendable (String) -> Void
  ) {
    self.coordinator = coordinator
    self.clock = clock
    self.presets = presets
    self.counters = counters
    self.diskThread = diskThread
    self.countMutations = countMutations
    self.reportProblem = reportProblem
  }

  /// The messages to send back to `sender`, which is an actor such as `osc:127.0.0.1:50123`.
  func receive(_ datagram: [UInt8], from sender: String) -> [OSCMessage] {
    counters.packets.count()
    guard let packet = try? OSCDecoder.packet(datagram) else {
      counters.badPackets.count()
      return []
    }
    let messages = packet.messages
    counters.messages.count(messages.count)
    let wallTime = clock.unixMilliseconds()
    guard packet.timeTags.allSatisfy({ $0.delay(atUnixMilliseconds: wallTime) <= Self.futureBound }) else {
      counters.tooEarly.count()
      return []
    }
    do {
      let reading = try OSCCommandReader.read(messages) { [coordinator] in coordinator.view().durable.layers }
      counters.unmatched.count(reading.unmatched)
      return perform(reading.commands, from: sender)
    } catch {
      counters.refused.count()
      return []
    }
  }

  private func perform(_ commands: [OSCCommand], from sender: String) -> [OSCMessage] {
    var replies: [OSCMessage] = []
    var mutations: [Mutation] = []
    var preset: (name: String, position: Int)?
    for command in commands {
      switch command {
      case .mutation(let mutation): mutations.append(mutation)
      case .ping(let arguments):
        if replies.count < Self.maximumReplies { replies.append(OSCMessage("/studio/pong", arguments)) }
      case .loadPreset(let name):
        // The later of two presets in a bundle would undo the first.
        guard preset == nil else {
          counters.refused.count()
          return replies
        }
        preset = (name, mutations.count)
      }
    }
    if let preset {
      load(preset.name, at: preset.position, of: mutations, from: sender)
    } else if !mutations.isEmpty {
      perform(mutations, from: sender)
    }
    return replies
  }

  private func perform(_ mutations: [Mutation], from sender: String) {
    do {
      try coordinator.perform(mutations, actor: sender, now: clock.now())
      countMutations(mutations, true)
    } catch {
      countMutations(mutations, false)
      counters.refused.count()
    }
  }

  private func load(_ name: String, at position: Int, of mutations: [Mutation], from sender: String) {
    guard waitingLoads.wrappingAdd(1, ordering: .relaxed).newValue <= Self.maximumLoads else {
      waitingLoads.wrappingSubtract(1, ordering: .relaxed)
      counters.refused.count()
      return
    }
    diskThread.submit { [self] state in
      defer { waitingLoads.wrappingSubtract(1, ordering: .relaxed) }
      guard case .active = state else { return }
      do throws(PresetFailure) {
        var batch = mutations
        let preset = try presets.load(name, into: coordinator.view().durable)
        batch.insert(.loadPreset(name: name, preset), at: position)
        perform(batch, from: sender)
      } catch {
        counters.refused.count()
        reportProblem("preset not loaded over OSC (\(sender)): \(error)")
      }
    }
  }
}
