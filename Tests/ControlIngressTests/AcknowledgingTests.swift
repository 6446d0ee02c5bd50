import Documents
import StudioState
import Testing

@Test func aLossIsAcknowledgedByAnEmptyRequestOnly() async throws {
  try await HTTPFixture().serve { client in
    let answer = try await client.send("POST", "/api/v1/recovery/acknowledge")
    #expect(answer.status == 200)
    #expect(answer.json["loss"] == .null)
    let refused = try await client.send("POST", "/api/v1/recovery/acknowledge", "{\"loss\":null}")
    #expect(refused.status == 422)
  }
}
