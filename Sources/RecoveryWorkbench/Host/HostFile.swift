import Documents
import DurableFiles
import HostClient
import StudioState

/// The content of `host.json`, the record of the host that runs on a data folder: `{"pid","osc","http","startedAt"}`,
/// and since version 0.1.0 `{"version","startTicks","folderInode"}` (see ``HostFacts``).
struct HostFile: Sendable, Equatable {
  var pid: Int32
  /// `HOST:PORT`, IPv6 in brackets.
  var http: String
  var json: JSONValue

  /// Whether a process with that number exists. If the host was killed, another program may have its number.
  var isAlive: Bool { ProcessNumber(pid).isAlive }

  /// Nil if the text is not an address. A host that listens on all addresses is reached through the loopback address.
  var client: HostClient? {
    guard let colon = http.lastIndex(of: ":"), let port = Int(http[http.index(after: colon)...]),
      (1...65535).contains(port)
    else { return nil }
    var host = String(http[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    switch host {
    case "", "0.0.0.0": host = "127.0.0.1"
    case "::": host = "::1"
    default: break
    }
    return HostClient(host: host, port: port)
  }
}

extension HostFile {
  /// Nil if there is no such file, or it can't be read. The file exists only while a host runs.
  init?(folder: String) {
    guard let bytes = (try? DurableFile.read(DataFolderLayout(folder).host, limit: 64 << 10)) ?? nil,
      let json = try? JSONParser.parse(bytes, limits: .init(bytes: 64 << 10)),
      let pid = json["pid"]?.intValue.flatMap({ Int32(exactly: $0) }), pid > 0, let http = json["http"]?.stringValue
    else { return nil }
    self.pid = pid
    self.http = http
    self.json = json
  }
}
