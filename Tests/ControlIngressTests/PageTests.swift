import Foundation
import StudioState
import Testing

@testable import ControlIngress

@Test(arguments: [
  ("/", "text/html; charset=utf-8", "id=\"generations\""),
  ("/page/history.css", "text/css; charset=utf-8", ".mark.suspect"),
  ("/page/feed.mjs", "text/javascript; charset=utf-8", "/health"), ("/page/icon.svg", "image/svg+xml", "<svg"),
])
func thePageIsInTheBinaryAndRunsNothingButItsOwn(path: String, type: String, words: String) async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let answer = try await client.send("GET", path)
    #expect(answer.status == 200)
    #expect(answer.headers["content-type"] == type)
    let policy = try #require(answer.headers["content-security-policy"])
    #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
    #expect(!policy.contains("unsafe"))
    #expect(String(decoding: answer.body, as: UTF8.self).contains(words))
  }
}

@Test func aBrowserKeepsTheFilesOfThePageUntilTheyChange() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let first = try await client.send("GET", "/page/main.mjs")
    let tag = try #require(first.headers["etag"])
    let second = try await client.send("GET", "/page/main.mjs", headers: "If-None-Match: \(tag)\r\n")
    #expect(second.status == 304)
    #expect(second.body.isEmpty)
    let other = try await client.send("GET", "/page/page.css", headers: "If-None-Match: \(tag)\r\n")
    #expect(other.status == 200)
    let unknown = try await client.send("GET", "/page/none.mjs")
    #expect(unknown.status == 404)
  }
}

/// Names of layers and pins come from outside: they go in as text, never as markup.
@Test func everyFileOfTheFolderIsServedAndWritesNoMarkup() throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/ControlIngress/Page").standardized
  let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
  #expect(Set(files) == Set(PageFile.all.keys))
  for name in files {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    #expect(PageFile.all[name]?.bytes == Array(text.utf8))
    for word in ["innerHTML", "outerHTML", "document.write", "insertAdjacentHTML", " style=", "javascript:"] {
      #expect(!text.contains(word), "\(name) contains \(word)")
    }
  }
}
