import Documents
import Foundation
import HostClient
import HostHarness
import StudioState
import Testing

// The tool gives up on a request after ten seconds; the host must not perform it after that.

@Test(.takingTurns, .timeLimit(.minutes(2))) func whatTheToolGaveUpDoesNotHappenLater() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  let first = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  let target = "\(try #require(first.json["generation"]?.intValue))"
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.75}")
  host.kill(SIGSTOP)
  async let rollback = ToolRun.run(["--data-dir", data, "--output", "json", "rollback", target, "--yes"])
  async let pin = ToolRun.run(["--data-dir", data, "pin", target, "--label", "late"])
  let (rolled, pinned) = try await (rollback, pin)
  host.kill(SIGCONT)
  #expect(rolled.exit == 69)
  #expect(pinned.exit == 69)
  #expect(pinned.errors.contains("will not act on the request any more"), "\(pinned.errors)")
  #expect(pinned.errors.contains("kill -CONT \(host.pid)"), "\(pinned.errors)")
  #expect(try rolled.json()["error"]?["code"] == "hostUnreachable")
  #expect(rolled.errors.isEmpty, "\(rolled.errors)")
  // Both requests have come to the host by now and were answered with 408.
  try await eventually("two refusals") {
    let text = String(decoding: try await client.request("GET", "/metrics", timeout: .seconds(5)).body, as: UTF8.self)
    return text.contains("afterimage_http_requests_total{status=\"4xx\"} 2")
  }
  #expect(try await client.parameter("plasma", "mix") == 0.75)
  let list = try await client.json("GET", "/generations").json["generations"]?.arrayValue ?? []
  #expect(list.allSatisfy { $0["pinned"] == .null && $0["origin"] != "rollback" }, "\(list)")
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}
