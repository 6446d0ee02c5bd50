import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import StudioState

// The recorded loss of a start: it stays in health, page and journal until it is acknowledged here or over HTTP.
extension Workbench {
  /// Acknowledges the recorded loss. Nothing else changes: the files are kept.
  public func acknowledge() async throws(ToolFailure) -> Answer {
    _ = try FolderFacts(folder)
    switch try writer() {
    case .host(let host):
      let json = try await host.change("POST", "recovery/acknowledge", nil)
      return Self.acknowledged(json["acknowledged"] ?? .null)
    case .lock(let lock):
      defer { lock.release() }
      return Self.acknowledged(try acknowledgeInFile())
    }
  }

  private func acknowledgeInFile() throws(ToolFailure) -> JSONValue {
    let file = LossFile(folder: folder)
    guard let record = file.read(), record.isOpen else { return .null }
    try explained { try file.write(record.acknowledged(at: UTCTime.text(unixMilliseconds: wallClock()))) }
    return record.json
  }

  private static func acknowledged(_ record: JSONValue) -> Answer {
    let lost = (record["lost"]?.arrayValue ?? []).compactMap(\.stringValue).map { "acknowledged: \($0)" }
    return Answer(
      ["acknowledged": record, "loss": nil],
      lines: record == .null ? ["no loss is recorded that is not acknowledged"] : lost.map(TextTable.printable))
  }

  /// The loss that is not acknowledged; nil if there is none.
  var openLoss: LossRecord? { LossFile(folder: folder).read().flatMap { $0.isOpen ? $0 : nil } }

  /// For people, with the command that ends it.
  func lines(of loss: LossRecord) -> [String] {
    (loss.lines + ["when it is settled: afterimage --data-dir \(quoted(folder)) acknowledge"])
      .map(TextTable.printable)
  }
}
