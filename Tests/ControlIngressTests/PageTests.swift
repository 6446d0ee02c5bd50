import StudioState
import Testing

@Test(arguments: [
  ("/", "text/html; charset=utf-8", "id=\"generations\""), ("/page.css", "text/css; charset=utf-8", ".mark.suspect"),
  ("/page.js", "text/javascript; charset=utf-8", "api/v1/health"),
])
func thePageIsInTheBinaryAndRunsNothingButItsOwn(path: String, type: String, words: String) async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let answer = try await client.send("GET", path)
    #expect(answer.status == 200)
    #expect(answer.headers["content-type"] == type)
    #expect(answer.headers["content-security-policy"]?.hasPrefix("default-src 'self'") == true)
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(text.contains(words))
    // Strings from the host are inserted as text, because names of layers and pins are untrusted.
    #expect(!text.contains("innerHTML") && !text.contains("document.write"))
  }
}
