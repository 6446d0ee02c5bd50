import Concurrency
import ControlIngress
import Documents
import DurableFiles
import PersistenceMessages
import RecoveryWorkbench
import StudioState
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `host.json`: the addresses and the process of the running host. The file exists while the host runs.
final class HostRecord: Sendable {
  private let folder: String
  /// Everything but the folder's inode; nil before the start and after the end.
  private let members = Mutex<[JSONValue.Member]?>(nil)

  private var path: String { DataFolderLayout(folder).host }

  init(folder: String) { self.folder = folder }

  func write(osc: ListenAddress, http: ListenAddress) throws(FileFailure) {
    var content: [JSONValue.Member] = [
      .init("pid", .int(Int64(getpid()))), .init("osc", .string(osc.description)),
      .init("http", .string(http.description)), .init("version", .string(ProgramVersion.current)),
      .init("startedAt", .string(UTCTime.text(unixMilliseconds: WallClock.unixMilliseconds()))),
    ]
    if let ticks = ProcessFacts(of: getpid())?.startTicks { content.append(.init("startTicks", .int(ticks))) }
    members.withLock { [content] in $0 = content }
    try writeAgain()
  }

  /// Called again after the folder was moved or created again.
  func writeAgain() throws(FileFailure) {
    guard var content = members.withLock({ $0 }) else { return }
    if let number = inode(of: folder) { content.append(.init("folderInode", .int(number))) }
    try DurableFile.replace(path, with: CanonicalJSON.encode(.object(content)) + [UInt8(ascii: "\n")])
  }

  func words(for failure: FileFailure) -> String {
    "host.json could not be written, so the recovery tool will not find this host: \(failure)"
  }

  func remove() throws(FileFailure) {
    members.withLock { $0 = nil }
    try DurableFile.remove(path)
  }
}
