import DatabaseForensics

/// What the committed part of a log says of the database that it was begun on, read page by page without SQLite.
struct LoggedLink {
  private(set) var hasCommits = false
  /// The newest one; nil when no page of it is in the log.
  private(set) var link: LogLink?

  init(hasCommits: Bool, link: LogLink?) {
    self.hasCommits = hasCommits
    self.link = link
  }

  init(_ log: [UInt8]) {
    guard let frames = LogFrames(log), frames.committed > 0 else { return }
    hasCommits = true
    for frame in frames.all.prefix(frames.committed).reversed() {
      let leaf = IndexLeaf(log[frame.offset..<(frame.offset + frames.pageSize)])
      link = leaf.text(of: LogLink.setting).flatMap(LogLink.init(text:))
      if link != nil { return }
    }
  }
}
