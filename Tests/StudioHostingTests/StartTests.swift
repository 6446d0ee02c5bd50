import ControlIngress
import Documents
import DurableFiles
import Foundation
import HostClient
import RecoveryWorkbench
import Studio
import StudioState
import Testing

@testable import StudioHosting

extension ListenAddress {
  /// A free port of the loopback.
  static let free = ListenAddress(host: "127.0.0.1", port: 0)
}

@Test(.timeLimit(.minutes(1))) func aStartOnAnEmptyFolderSaysWhereItListensAndWithWhatItBegan() async throws {
  let fixture = HostFixture()
  var settings = fixture.settings
  settings.studio.isDemo = false
  let exit = try await fixture.run(settings) { air in
    let record = try #require(try DurableFile.read("\(fixture.folder)/host.json", limit: 1 << 16))
    let json = try JSONParser.parse(record, limits: .init(bytes: 1 << 16))
    #expect(json["http"] == .string("127.0.0.1:\(air.client.port)"))
    #expect(json["pid"] == .int(Int64(getpid())))
  }
  #expect(exit == .fine)
  let started = try #require(fixture.lines["host.started"])
  #expect(
    started.objectValue?.map(\.name) == [
      "event", "generation", "http", "lost", "osc", "pid", "recoveredFrom", "rung", "time",
    ])
  #expect(started["generation"] == .null)
  #expect(started["recoveredFrom"] == .null)
  #expect(started["lost"] == [])
  let stopped = try #require(fixture.lines["host.stopped"])
  #expect(stopped["flush"] == "nothing-pending")
  #expect(stopped["unsaved"] == 0)
  #expect(fixture.lines.events.last == "host.stopped")
  #expect(!FileManager.default.fileExists(atPath: "\(fixture.folder)/host.json"))
}

@Test func aStartOnAFolderThatAnotherProcessHoldsIsBusyAndNamesTheHolder() async throws {
  let fixture = HostFixture()
  try DataFolder.createFolder(fixture.folder)
  let lock = try FolderLock(folder: fixture.folder, program: "another-host")
  defer { lock.release() }
  let failure = try #require(await fixture.failure())
  #expect(failure.exit == .busy)
  #expect(failure.description.contains("another-host"), "\(failure)")
  #expect(fixture.lines["host.started"] == nil)
}

@Test func aStartOnAFileForAFolderIsAConfigurationError() async throws {
  let fixture = HostFixture()
  try Data("x".utf8).write(to: URL(filePath: fixture.folder))
  let failure = try #require(await fixture.failure())
  #expect(failure.exit == .config)
  #expect(failure.description.contains(fixture.folder), "\(failure)")
}

@Test(.timeLimit(.minutes(1)), arguments: ["osc", "http"])
func aStartOnAnAddressInUseIsBusyAndLeavesTheFolderFree(_ surface: String) async throws {
  let (first, second) = (HostFixture(), HostFixture())
  try await first.run { _ in
    let started = try #require(first.lines["host.started"])
    var settings = second.settings
    let taken = ListenAddress(host: "127.0.0.1", port: started.port(surface))
    if surface == "osc" { settings.osc = taken } else { settings.http = taken }
    let failure = try #require(await second.failure(settings))
    #expect(failure.exit == .busy)
    #expect(failure.description.contains("127.0.0.1:\(taken.port)"), "\(failure)")
  }
  #expect(second.lines["host.started"] == nil)
  #expect(try await second.run() == .fine)
}

@Test func anAddressOfAnotherMachineIsAConfigurationError() async throws {
  let fixture = HostFixture()
  var settings = fixture.settings
  // TEST-NET-1 (RFC 5737): no machine has it.
  settings.http = ListenAddress(host: "192.0.2.1", port: 0)
  let failure = try #require(await fixture.failure(settings))
  #expect(failure.exit == .config)
  #expect(failure.description.contains("192.0.2.1"), "\(failure)")
}

@Test(.timeLimit(.minutes(1))) func aDamagedDatabaseNeverStopsTheStart() async throws {
  let fixture = HostFixture()
  try DataFolder.createFolder(fixture.folder)
  try Data(repeating: 0x2A, count: 8192).write(to: URL(filePath: "\(fixture.folder)/state.db"))
  let exit = try await fixture.run { air in
    let health = try await air.get("health").json
    #expect(health["persistence"]?["recoveredFrom"] != .null)
  }
  #expect(exit == .fine)
  let started = try #require(fixture.lines["host.started"])
  #expect(started["recoveredFrom"] != .null)
  #expect(started["lost"]?.arrayValue?.isEmpty == false)
  #expect(fixture.lines["recovery.loss"] != nil)
  #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.folder)/quarantine").count == 1)
}

@Test(
  arguments: [
    ("nonsense", nil, ExitCode.usage, "--osc"), (nil, "nonsense", .config, "AFTERIMAGE_OSC"),
    ("127.0.0.1:65536", nil, .usage, "--osc"),
  ] as [(String?, String?, ExitCode, String)])
func anUnusableAddressNamesItsFlagOrVariable(_ flag: String?, _ variable: String?, _ exit: ExitCode, _ name: String) {
  let values = SettingReader(environment: variable.map { ["AFTERIMAGE_OSC": $0] } ?? [:])
  let failure = #expect(throws: HostFailure.self) { try values.address(flag, "OSC", default: "127.0.0.1:9000") }
  #expect(failure?.exit == exit)
  #expect(failure?.description.hasPrefix("\(name): ") == true, "\(failure?.description ?? "")")
}
