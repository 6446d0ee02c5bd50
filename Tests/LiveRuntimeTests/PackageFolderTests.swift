import Foundation
import LiveRuntime
import StudioState
import Testing

/// A folder with these files, read.
private func reading(_ files: [String: String]) throws -> PackageFolder.Reading {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("packages-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: folder) }
  for (name, content) in files { try Data(content.utf8).write(to: folder.appendingPathComponent(name)) }
  return PackageFolder.read(folder.path)
}

@Test func shadersOfAnyNameAreRead() throws {
  let names = [
    "Light Leak (2)", "Überblendung", "日本語", "a;b|c", "100%", "plain", "-x", "tab\there", "🎛️",
    String(repeating: "w", count: 200),
  ]
  let reading = try reading(Dictionary(uniqueKeysWithValues: names.map { ("\($0).fs", "/*{}*/") }))
  #expect(reading.rejected == [])
  #expect(Set(reading.catalog.packages.map(\.title)) == Set(names))
  #expect(reading.catalog[packageID("plain")] != nil)
}

@Test func ofTwoFilesWithOneIDTheSecondIsReported() throws {
  let id = PackageID(shaderName: "Light Leak")
  let reading = try reading(["Light Leak.fs": "/*{}*/", "\(id).fs": "/*{}*/"])
  #expect(reading.catalog[id]?.title == id.rawValue, "the plain name keeps its id")
  #expect(reading.rejected.map(\.file) == ["Light Leak.fs"])
  #expect(reading.rejected.first?.problem.contains("\(id).fs") == true)
}

@Test func whatIsNoPackageIsReportedAndHiddenFilesArePassedOver() throws {
  let reading = try reading(["a b.fs": "no header", "._a.fs": "x", "a.vs": "x", ".fs": "x", "good.fs": "/*{}*/"])
  #expect(reading.rejected.map(\.file) == ["a b.fs"])
  #expect(reading.catalog.packages.map(\.id.rawValue) == ["good"])
}

@Test func aFileInThePlaceOfTheFolderIsReported() throws {
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("packages-\(UUID().uuidString)")
  try Data().write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  let reading = PackageFolder.read(file.path)
  #expect(reading.catalog.packages.isEmpty)
  #expect(reading.rejected.map(\.file) == [""])
  #expect(reading.rejected.first?.problem.contains(file.path) == true)
}
