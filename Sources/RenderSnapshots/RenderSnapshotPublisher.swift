public import Concurrency

public typealias RenderSnapshotReader = LatestValueReader<RenderSnapshot>

/// Publishes render snapshots to a fixed set of readers, each with a mailbox of its own, so that publishing is a few
/// atomic exchanges and no reader can hold up another or the publisher.
public final class RenderSnapshotPublisher: Sendable {
  private let mailboxes: [LatestValueMailbox<RenderSnapshot>]

  /// - Parameter readers: how many readers there will be; each is handed out once by ``reader(_:)``.
  public init(readers: Int) {
    mailboxes = (0..<readers).map { _ in LatestValueMailbox() }
  }

  /// The reader with this number. Two threads must not use the same number.
  public func reader(_ number: Int) -> RenderSnapshotReader {
    LatestValueReader(mailboxes[number])
  }

  /// Any thread; constant time; no system call.
  public func publish(_ snapshot: RenderSnapshot) {
    for mailbox in mailboxes { mailbox.publish(snapshot) }
  }
}
