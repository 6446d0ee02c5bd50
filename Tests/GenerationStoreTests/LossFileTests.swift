import DurableFiles
import PersistenceMessages
import Testing

@testable import GenerationStore

@Test func aRecordedLossOutlastsTheProcessAndDamageOfItIsALoss() throws {
  let fixture = try StoreFixture()
  try DataFolder.createFolder(fixture.folder)
  let file = LossFile(folder: fixture.folder)
  #expect(file.read() == nil)
  let record = LossRecord(
    at: "2026-11-24T20:00:00.000Z", rung: "empty", lost: ["no stored generation could be read"], command: "doctor",
    blank: "empty")
  try file.write(record)
  #expect(file.read() == record)
  try file.write(record.acknowledged(at: "2026-11-24T20:05:00.000Z"))
  #expect(file.read()?.isOpen == false)
  for damage in ["", "{", "{}", "[1]"] {
    try DurableFile.replace("\(fixture.folder)/loss.json", with: Array(damage.utf8))
    #expect(file.read()?.isOpen == true, "\(damage)")
    #expect(file.read()?.lost.first?.contains("loss.json") == true)
  }
}
