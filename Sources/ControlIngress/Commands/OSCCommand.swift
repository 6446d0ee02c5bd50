import LiveRuntime

/// What a message asks for, once its address and arguments are understood.
enum OSCCommand: Sendable {
  case mutation(Mutation)
  /// Needs the disk, so it can't become a mutation on the thread that reads packets.
  case loadPreset(String)
  /// The arguments to send back.
  case ping([OSCArgument])
}

/// Why a packet is refused as a whole.
enum OSCCommandRejection: Error, Equatable {
  /// The arguments are no value for the address.
  case badArguments(address: String)
  /// The patterns of one packet stand for more commands than ``OSCCommandReader/maximumCommands``.
  case tooManyCommands
  /// The patterns of one packet cost more than ``OSCCommandReader/maximumWork``.
  case tooMuchWork
}
