import Afterimage

struct Desk: DurableState, Codable {
  var master = 1.0
  var cues: [String: Double] = [:]
}

let folder = CommandLine.arguments.dropFirst().first ?? "light-desk-data"
let session = try await DurableSession.open(folder, initial: Desk(), program: "light-desk")
print("begins with \(session.restoration.sourceName): \(session.state)")
while let words = readLine()?.split(separator: " ").map(String.init), words.first != "quit" {
  let (name, number) = (words.dropFirst().first ?? "", words.last.flatMap(Double.init) ?? 0)
  switch words.first {
  case "master": session.update(reason: "master.set", actor: "desk") { $0.master = number }
  case "cue": session.update(reason: "cue.set", actor: "desk") { $0.cues[name] = number }
  case "wait": print("stored as generation \(try await session.stored(within: .seconds(2)) ?? 0)")
  case "list": for stored in try await session.generations() { print(stored.generation, stored.reason) }
  case "back": print(try await session.rollBack(to: Int64(number), actor: "desk", within: .seconds(2)))
  default: print(session.state, session.health.state, "unsaved: \(session.health.unsavedRequests)")
  }
}
let end = await session.close(within: .seconds(3))
print("ended: \(end.outcome.rawValue), unsaved: \(end.unsavedRequests)")
