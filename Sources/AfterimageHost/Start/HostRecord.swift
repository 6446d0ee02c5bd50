import ControlIngress
import DurableFiles
import PersistenceMessages
import StudioState
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `host.json`: where the running host listens; there while it runs.
final class HostRecord: Sendable {
  private let path: String
  /// What stands in the file; nil before the start and after the end.
  private let content = Mutex<[UInt8]?>(nil)

  init(folder: String) { path = "\(folder)/host.json" }

  func write(osc: ListenAddress, http: ListenAddress) throws(FileFailure) {
    let json: JSONValue = [
      "pid": .int(Int64(getpid())), "osc": .string(osc.description), "http": .string(http.description),
      "startedAt": .string(UTCTime.text(unixMilliseconds: SystemTime.unixMilliseconds())),
    ]
    let bytes = CanonicalJSON.encode(json) + [UInt8(ascii: "\n")]
    content.withLock { $0 = bytes }
    try DurableFile.replace(path, with: bytes)
  }

  /// After the folder was moved or made anew.
  func writeAgain() throws(FileFailure) {
    guard let bytes = content.withLock({ $0 }) else { return }
    try DurableFile.replace(path, with: bytes)
  }

  func words(for failure: FileFailure) -> String {
    "host.json could not be written, so the recovery tool will not find this host: \(failure)"
  }

  func remove() throws(FileFailure) {
    content.withLock { $0 = nil }
    try DurableFile.remove(path)
  }
}
