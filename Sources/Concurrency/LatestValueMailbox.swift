import Synchronization

/// Hands the newest value from publishers to one reader without locks: a slot that holds at most one unread value.
///
/// Both sides are one atomic exchange, so neither can make the other wait (invariants I1 and I2). What the reader never
/// took is released by the next publisher. Each reader needs a mailbox of its own; ``LatestValueReader`` keeps the value
/// it has taken.
public final class LatestValueMailbox<Value: AnyObject & Sendable>: Sendable {
  /// The bits of a pointer that owns one retain of the value; 0 when nothing is unread. Whoever exchanges it out owns
  /// that retain.
  private let slot = Atomic<UInt>(0)

  public init() {}

  deinit {
    _ = Self.owned(slot.load(ordering: .acquiring))
  }

  /// Replaces what is unread by `value`. Any thread; constant time; no system call.
  public func publish(_ value: Value) {
    let retained = UInt(bitPattern: Unmanaged.passRetained(value).toOpaque())
    _ = Self.owned(slot.exchange(retained, ordering: .acquiringAndReleasing))
  }

  /// The unread value, or nil when nothing came since the last take. One reader at a time.
  func take() -> Value? {
    // A load is cheaper than an exchange, and most takes find nothing new.
    guard slot.load(ordering: .relaxed) != 0 else { return nil }
    return Self.owned(slot.exchange(0, ordering: .acquiring))
  }

  /// Takes over the retain behind the bits.
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

  /// The newest published value; nil until there was one. A few nanoseconds when nothing is new.
  public mutating func newest() -> Value? {
    if let unread = mailbox.take() { current = unread }
    return current
  }
}
