import Synchronization

/// Passes the newest value from publishers to one reader without locks: a slot with at most one unread value.
///
/// Each side makes one atomic exchange, so neither can block the other (invariants I1 and I2). The next publisher
/// releases a value that was never read. Each reader needs its own mailbox; ``LatestValueReader`` keeps the value it
/// has taken.
public final class LatestValueMailbox<Value: AnyObject & Sendable>: Sendable {
  /// The bits of a pointer that owns one retain of the value; 0 if there is no unread value. The thread that exchanges
  /// it out owns that retain.
  private let slot = Atomic<UInt>(0)

  public init() {}

  deinit {
    _ = Self.owned(slot.load(ordering: .acquiring))
  }

  /// Replaces the unread value by `value`. Any thread; constant time; no system call.
  public func publish(_ value: Value) {
    let retained = UInt(bitPattern: Unmanaged.passRetained(value).toOpaque())
    _ = Self.owned(slot.exchange(retained, ordering: .acquiringAndReleasing))
  }

  /// The unread value, or nil if none was published since the last take. One reader at a time.
  func take() -> Value? {
    // A load is cheaper than an exchange, and most takes find no new value.
    guard slot.load(ordering: .relaxed) != 0 else { return nil }
    return Self.owned(slot.exchange(0, ordering: .acquiring))
  }

  /// Converts the bits into a reference and takes over its retain.
  private static func owned(_ bits: UInt) -> Value? {
    UnsafeRawPointer(bitPattern: bits).map { Unmanaged<Value>.fromOpaque($0).takeRetainedValue() }
  }
}

/// The reading side of a mailbox: the newest value seen so far. Not shared between threads.
public struct LatestValueReader<Value: AnyObject & Sendable>: ~Copyable {
  private let mailbox: LatestValueMailbox<Value>
  private var current: Value?

  public init(_ mailbox: LatestValueMailbox<Value>) {
    self.mailbox = mailbox
  }

  /// The newest published value; nil before the first one. A few nanoseconds if there is no new value.
  public mutating func newest() -> Value? {
    if let unread = mailbox.take() { current = unread }
    return current
  }
}
