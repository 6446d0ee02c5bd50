import Documents
import Foundation
import HostClient
import HostHarness
import StudioState
import Testing

// The host's environment is unusual: the show goes on air anyway, or the error gives the reason.

@Test(.takingTurns, arguments: ["presets", "packages"])
func aFileInThePlaceOfAFolderKeepsNoShowOffAir(name: String) async throws {
  let folder = try ScenarioFolder()
  try Data("a file".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
  let host = try HostProcess(dataFolder: folder.path, ["--demo", "--debounce-ms", "5"])
  let client = try await host.client()
  #expect(try await client.json("PUT", "/layers/plasma/opacity?wait=stored", #"{"value":0.5}"#).status == 200)
  let saved = try await client.json("PUT", "/presets/evening")
  #expect(saved.status == (name == "presets" ? 500 : 200))
  if name == "presets" {
    #expect(saved.json["error"]?["message"]?.stringValue?.contains("\(folder.path)/presets") == true)
  }
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
  #expect(host.spoken.contains("\(folder.path)/\(name)"), "\(host.spoken)")
  let file = try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
  #expect(file == "a file", "it is left alone")
}

@Test(.takingTurns, .enabled(if: Program.path(of: "bash") != nil, "bash is not installed"))
func tooFewOpenFilesAreAClearError() async throws {
  let folder = try ScenarioFolder()
  func start(_ files: Int) throws -> HostProcess {
    let prefix = ["bash", "-c", "ulimit -n \(files); exec \"$@\"", "host"]
    return try HostProcess(HostLaunch(dataFolder: folder.path, ["--demo"], prefix: prefix))
  }
  let refused = try start(16)
  #expect(await refused.wait() == 78)
  #expect(refused.spoken.contains("may open 16 files"), "\(refused.spoken)")
  let words = refused.spoken.split(separator: " ").map(String.init)
  let index = try #require(words.firstIndex(of: "needs"))
  let needed = try #require(Int(words[index + 1]))
  // The number that it names is enough.
  let host = try start(needed)
  let client = try await host.client()
  #expect(try await client.json("PUT", "/layers/plasma/opacity?wait=stored", #"{"value":0.5}"#).status == 200)
  #expect(try await client.json("PUT", "/presets/evening").status == 200)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
  #expect(host.spoken.contains("connections are answered at once"), "\(host.spoken)")
}

@Test(.takingTurns) func aPackageWithANarrowedRangeKeepsWhatIsStored() async throws {
  let folder = try ScenarioFolder()
  let shaders = "\(folder.path)/packages"
  func put(maximum: Double) throws {
    try FileManager.default.createDirectory(atPath: shaders, withIntermediateDirectories: true)
    let header = #"/*{"INPUTS":[{"NAME":"level","TYPE":"float","MIN":0,"MAX":\#(maximum),"DEFAULT":0.25}]}*/"#
    try Data(header.utf8).write(to: URL(fileURLWithPath: "\(shaders)/Light Leak (2).fs"))
  }
  let package = PackageID(shaderName: "Light Leak (2)")
  func run(_ body: (HostClient) async throws -> Void) async throws -> HostProcess {
    let host = try HostProcess(dataFolder: folder.path, ["--debounce-ms", "5"])
    try await body(try await host.client())
    host.kill(SIGTERM)
    #expect(await host.wait() == 0)
    return host
  }
  try put(maximum: 1)
  _ = try await run { (client: HostClient) async throws in
    let layer = #"{"id":"leak","package":"\#(package)","parameters":{"level":0.75}}"#
    #expect(try await client.json("POST", "/layers?wait=stored", layer).status == 200)
    #expect(try await client.json("PUT", "/presets/evening").status == 200)
  }
  try put(maximum: 0.5)
  let narrowed = try await run { (client: HostClient) async throws in
    #expect(try await client.parameter("leak", "level") == 0.75)
    #expect(try await client.parameter("leak", "level", view: "effective") == 0.5)
    let listed = try await client.json("GET", "/health").json["valuesOutOfRange"]?.arrayValue
    #expect(listed?.first?["path"]?.stringValue == "layers.leak.parameters.level")
    #expect(try await client.json("POST", "/presets/evening/load?wait=stored").status == 200)
    #expect(try await client.parameter("leak", "level", view: "effective") == 0.5)
    let export = try await client.json("GET", "/export").json
    #expect(try await client.json("POST", "/import", CanonicalJSON.text(export)).status == 200)
  }
  #expect(narrowed.spoken.contains("layers.leak.parameters.level"), "\(narrowed.spoken)")
  try put(maximum: 1)
  _ = try await run { (client: HostClient) async throws in
    #expect(try await client.parameter("leak", "level", view: "effective") == 0.75)
    let health = try await client.json("GET", "/health").json
    #expect(health["valuesOutOfRange"] == [])
    let packages = try await client.json("GET", "/packages").json["packages"]?.arrayValue ?? []
    #expect(packages.first { $0["id"]?.stringValue == package.rawValue }?["title"] == "Light Leak (2)")
  }
}
