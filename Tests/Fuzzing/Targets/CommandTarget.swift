import LiveRuntime
import StudioState

@testable import ControlIngress

/// A packet, read and performed as the receiver does it: bounded commands, and a show that can be stored, with its values
/// in flight and after they have become durable.
func packetsLeaveAShowThatCanBeStored(_ bytes: UnsafeBufferPointer<UInt8>) {
  guard let packet = try? OSCDecoder.packet(Array(bytes)) else { return }
  let messages = packet.messages
  let coordinator = SampleShow.coordinator()
  guard let reading = try? OSCCommandReader.read(messages, layers: { coordinator.view().durable.layers }) else {
    return
  }
  mustHold(reading.commands.count <= OSCCommandReader.maximumCommands, "commands are bounded")
  mustHold(reading.unmatched <= messages.count, "a message is unmatched once")
  let mutations = reading.commands.compactMap { command -> Mutation? in
    if case .mutation(let mutation) = command { mutation } else { nil }
  }
  let before = coordinator.view().json(.effective)
  do {
    try coordinator.perform(mutations, actor: "osc", now: .zero)
  } catch {
    mustHold(coordinator.view().json(.effective) == before, "a refused packet changes nothing")
    return
  }
  mustBeStorable(coordinator.view())
  coordinator.settle(now: .seconds(3600))
  _ = try? coordinator.perform([.storeLiveValues], actor: "osc", now: .seconds(3600))
  mustBeStorable(coordinator.view())
}
