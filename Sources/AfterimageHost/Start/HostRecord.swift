import ControlIngress
import DurableFiles
import HealthReporting
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `host.json`: where the running host listens; there while it runs.
struct HostRecord {
  let path: String

  init(folder: String) { path = "\(folder)/host.json" }

  func write(osc: ListenAddress, http: ListenAddress) throws(FileFailure) {
    let json: JSONValue = [
      "pid": .int(Int64(getpid())), "osc": .string(osc.description), "http": .string(http.description),
      "startedAt": .string(UTCTimestamp.text(unixMs: SystemTime.unixMilliseconds())),
    ]
    try DurableFile.replace(path, with: CanonicalJSON.encode(json) + [UInt8(ascii: "\n")])
  }

  func remove() throws(FileFailure) {
    try DurableFile.remove(path)
  }
}
