import LiveRuntime
import Studio
import StudioState

// A screen in a foyer: a studio inside this program, whose plasma layer is mixed as the last argument says.
guard let folder = CommandLine.arguments.dropFirst().first, let plasma = LayerID("plasma") else {
  fatalError("usage: FoyerScreen FOLDER [MIX]")
}
var options = StudioOptions(folder: folder)
options.isDemo = true
options.session.program = "foyer-screen"
let studio = try StudioSession(options)
let tasks = [Task { await studio.settle() }, Task { await studio.prove() }]

if case .double(let mix)? = studio.coordinator.view().durable.layers[plasma]?.parameters["mix"] {
  print("begins with \(studio.restoration.sourceName), mix \(mix)")
}

if let mix = CommandLine.arguments.dropFirst(2).first.flatMap(Double.init) {
  try studio.perform([.setParameter(plasma, "mix", .double(mix))], actor: "foyer")
  guard case .stored(let generation?) = await studio.stored(within: .seconds(5)) else { fatalError("no receipt") }
  print("mix \(mix) is stored as generation \(generation)")
}
// A renderer would read studio.frames() here, once a frame.
for task in tasks { task.cancel() }
let end = await studio.close(within: .seconds(3))
print("ended: \(end.outcome.rawValue), unsaved: \(end.unsavedRequests)")
