import HostHarness
import Testing

/// Runs a scenario on a folder of its own; a few of them at a time, so that the hosts of all of them do not share two
/// cores and answers can be bounded.
func withScenario(_ body: (Place) async throws -> Void) async throws {
  await Turns.take()
  defer { Turns.giveBack() }
  let folder = try ScenarioFolder()
  try await body(Place(dataFolder: "\(folder.path)/data"))
}

/// A scenario that begins with the demo show on air, and one change of it stored.
func withStudio(
  _ arguments: [String] = [], prefix: [String] = [], _ body: (Studio) async throws -> Void
) async throws {
  try await withScenario { place in
    try await place.putShow()
    let studio = try await Studio(place, arguments, prefix: prefix)
    try await studio.storeOneChange()
    try await body(studio)
  }
}
