public import Concurrency

public typealias RenderSnapshotReader = LatestValueReader<RenderSnapshot>

/// Publishes render snapshots to a fixed set of readers. Each has its own mailbox, so publishing takes a few atomic
/// exchanges, and no reader can block another one or the publisher.
public final class RenderSnapshotPublisher: Sendable {
  private let mailboxes: [LatestValueMailbox<RenderSnapshot>]

  /// - Parameter readers: the number of readers; ``reader(_:)`` returns each.
  public init(readers: Int) {
    mailboxes = (0..<readers).map { _ in LatestValueMailbox() }
  }

  /// The reader with this number, from 0. Two threads must not use the same number.
  public func reader(_ number: Int) -> RenderSnapshotReader {
    LatestValueReader(mailboxes[number])
  }

  /// Any thread; constant time; no system call.
  public func publish(_ snapshot: RenderSnapshot) {
    for mailbox in mailboxes { mailbox.publish(snapshot) }
  }
}
