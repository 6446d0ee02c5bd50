import Documents
import DurableFiles
import GenerationStore
import RecoveryWorkbench
import StudioState
import Testing

// verify --all on databases with every kind of damage: it always answers, and reports the result of each check.

@Test(arguments: ["list", "document", "header", "empty", "garbage", "foreign"])
func verifyFindsEveryKindOfDamage(kind: String) throws {
  let fixture = try WorkbenchFixture()
  try fixture.store((1...40).map { sampleState(layers: 8).setting("layer-1", mix: Double($0) / 1000) })
  let path = fixture.workbench.databasePath
  var bytes = try #require(try DurableFile.read(path, limit: 1 << 24))
  switch kind {
  case "list": try damageAPage(of: &bytes, holding: "parameter.set")
  case "document": try damageAPage(of: &bytes, holding: "\"layer-5\"")
  case "header": bytes[0] = 0
  case "empty": bytes = []
  case "garbage": bytes = [UInt8](repeating: 0x42, count: 5000)
  default: bytes.replaceSubrange(68..<72, with: [1, 2, 3, 4])
  }
  try DurableFile.replace(path, with: bytes)
  let answer = try fixture.workbench.verify(nil, all: true)
  #expect(answer.exit == .found, "\(kind): \(answer.lines)")
  #expect(answer.json["ok"] == false)
  #expect(answer.json["damaged"]?.arrayValue?.isEmpty == false, "\(kind): \(answer.json)")
  if kind == "list" || kind == "document" {
    #expect(answer.json["integrity"]?.arrayValue?.isEmpty == false, "\(kind): \(answer.json)")
  } else {
    #expect(answer.json["damaged"]?.arrayValue?.first?["document"] == "database")
  }
}

/// The page with the text becomes one that SQLite can't read.
private func damageAPage(of bytes: inout [UInt8], holding text: String) throws {
  let wanted = Array(text.utf8)
  let page = (1..<(bytes.count / 1024)).first { page in
    let content = bytes[(page * 1024)..<((page + 1) * 1024)]
    return (content.startIndex...(content.endIndex - wanted.count)).contains {
      content[$0..<($0 + wanted.count)].elementsEqual(wanted)
    }
  }
  let start = try #require(page) * 1024
  bytes.replaceSubrange(start..<(start + 1024), with: [UInt8](repeating: 0xA5, count: 1024))
}

@Test func aWholeDatabaseVerifiesAndHasNoOrphans() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let answer = try fixture.workbench.verify(nil, all: true)
  #expect(answer.json == ["ok": true, "checked": 3, "damaged": [], "integrity": [], "orphans": 0])
  #expect(answer.lines == ["SQLite's own integrity check: ok", "3 checked, all whole"])
}

/// Marks are no part of what was stored: their damage must not make a generation unreadable.
@Test func damagedMarksDoNotHideTheShow() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try fixture.withStore { try $0.pin(2, label: "a label of its own") }
  let path = fixture.workbench.databasePath
  var bytes = try #require(try DurableFile.read(path, limit: 1 << 24))
  // Both the table of marks and the index of labels hold the text.
  for _ in 0..<2 { try? damageAPage(of: &bytes, holding: "a label of its own") }
  try DurableFile.replace(path, with: bytes)
  #expect(try fixture.workbench.show(selector("2")).exit == .fine)
  #expect(try fixture.workbench.list().json["generations"]?.arrayValue?.count == 3)
  #expect(try fixture.workbench.verify(nil, all: true).exit == .found)
}
