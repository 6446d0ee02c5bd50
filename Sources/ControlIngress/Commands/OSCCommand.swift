import LiveRuntime

/// The command of a message whose address and arguments were decoded.
enum OSCCommand: Sendable {
  case mutation(Mutation)
  /// Needs the disk, so it can't become a mutation on the thread that reads packets.
  case loadPreset(String)
  /// The arguments to send back.
  case ping([OSCArgument])
}

/// The reason why a packet is refused as a whole.
enum OSCCommandRejection: Error, Equatable {
  /// The arguments are not a valid value for the address.
  case badArguments(address: String)
  /// The patterns of one packet expand to more commands than ``OSCCommandReader/maximumCommands``.
  case tooManyCommands
  /// The patterns of one packet need more work than ``OSCCommandReader/maximumWork``.
  case tooMuchWork
}
