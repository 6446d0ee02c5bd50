import SQLiteConnection
import TestVFS

/// The possible contents of the disk after the events so far. See docs/crash-states.md for the rules.
struct DiskModel {
  /// What a process did to a file since it was last known to be on disk whole.
  struct Change {
    enum Kind {
      case write(offset: Int, bytes: [UInt8])
      case truncate(size: Int)
    }

    enum Standing {
      /// No sync has ended since: kept or lost.
      case open
      /// A sync reported an error: kept or lost, and no later sync changes that.
      case doubtful
      case durable
    }

    var kind: Kind
    var standing = Standing.open
  }

  struct File {
    /// Durable.
    var content: [UInt8] = []
    /// In the order in which they were made. The first is never durable: those are in `content`.
    var changes: [Change] = []

    mutating func settle() {
      for index in changes.indices where changes[index].standing == .open { changes[index].standing = .durable }
      let settled = changes.prefix { $0.standing == .durable }
      for change in settled { content.apply(change.kind) }
      changes.removeFirst(settled.count)
    }
  }

  private(set) var files: [File] = []
  /// Index in `files` by name, as the folder is on disk.
  private(set) var folder: [String: Int] = [:]
  /// Names that appeared or vanished since the folder was synced, in that order; nil: deleted.
  private(set) var folderChanges: [(name: String, file: Int?)] = []
  /// Whether every sync reports success and does nothing.
  let syncsNothing: Bool

  init(syncsNothing: Bool = false) {
    self.syncsNothing = syncsNothing
  }

  /// Whether there is more than one thing that may be on disk.
  var isUncertain: Bool { !folderChanges.isEmpty || files.contains { !$0.changes.isEmpty } }

  mutating func apply(_ event: DiskEvent) {
    switch event {
    case .create(let name):
      folderChanges.append((name, files.count))
      files.append(File())
    case .write(let name, let offset, let bytes): change(name, .write(offset: offset, bytes: bytes))
    case .truncate(let name, let size): change(name, .truncate(size: size))
    case .sync(let name, let folderToo): sync(name, folderToo)
    case .failedSync(let name):
      guard let file = index(of: name) else { return }
      for index in files[file].changes.indices where files[file].changes[index].standing == .open {
        files[file].changes[index].standing = .doubtful
      }
    case .delete(let name, let folderToo):
      folderChanges.append((name, nil))
      if folderToo { syncFolder() }
    case .rename(let name, let newName):
      // More than a file system does: after a power loss the file may be there under either name, both or none.
      guard let file = index(of: name) else { return }
      folderChanges.append((newName, file))
      folderChanges.append((name, nil))
    case .syncFolder: syncFolder()
    case .powerLoss(let found):
      self = DiskModel(syncsNothing: syncsNothing)
      for (name, content) in found {
        folder[name] = files.count
        files.append(File(content: content))
      }
    case .began, .acknowledged, .abandoned: break
    }
  }

  private mutating func sync(_ name: String, _ folderToo: Bool) {
    guard !syncsNothing, let file = index(of: name) else { return }
    files[file].settle()
    if folderToo { syncFolder() }
  }

  private mutating func syncFolder() {
    guard !syncsNothing else { return }
    for change in folderChanges { folder[change.name] = change.file }
    folderChanges = []
  }

  private mutating func change(_ name: String, _ kind: Change.Kind) {
    if let file = index(of: name) { files[file].changes.append(Change(kind: kind)) }
  }

  /// The file that the processes see under a name.
  private func index(of name: String) -> Int? {
    if let change = folderChanges.last(where: { $0.name == name }) { return change.file }
    return folder[name]
  }
}

extension [UInt8] {
  mutating func apply(_ change: DiskModel.Change.Kind) {
    switch change {
    case .write(let offset, let bytes): apply(bytes[...], at: offset)
    case .truncate(let size):
      if size < count { removeSubrange(size...) } else { append(contentsOf: repeatElement(0, count: size - count)) }
    }
  }

  /// What lies between the end of the file and a later write is zeros.
  mutating func apply(_ bytes: ArraySlice<UInt8>, at offset: Int) {
    if offset > count { append(contentsOf: repeatElement(0, count: offset - count)) }
    let overlap = Swift.min(bytes.count, count - offset)
    replaceSubrange(offset..<offset + overlap, with: bytes.prefix(overlap))
    append(contentsOf: bytes.dropFirst(overlap))
  }
}
