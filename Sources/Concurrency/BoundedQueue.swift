/// A queue, first in first out, that holds at most ``capacity`` elements. A value: shared between
/// threads, it belongs under a lock.
public struct BoundedQueue<Element> {
  /// What happens to an element for which there is no room.
  public enum Overflow: Sendable, Equatable {
    /// It takes the place of the oldest one, and ``BoundedQueue/drain()`` returns how many were lost. For reports, where
    /// the newest matter most.
    case dropOldest
    /// It is not taken. For work whose caller must learn that it will not be done.
    case refuse
  }

  public let capacity: Int
  public let overflow: Overflow
  @usableFromInline var elements: [Element] = []
  /// Where the oldest element is once the queue is full and has become a ring.
  @usableFromInline var oldest = 0
  @usableFromInline var dropped: UInt64 = 0

  /// - Parameter capacity: at least 1. Memory is taken as elements come, not in advance.
  public init(capacity: Int, whenFull overflow: Overflow) {
    precondition(capacity > 0, "a queue without room delivers nothing")
    self.capacity = capacity
    self.overflow = overflow
  }

  public var count: Int { elements.count }

  /// Constant time, amortized; never shifts what is there.
  ///
  /// - Returns: whether the element was taken; always true with ``Overflow/dropOldest``.
  @inlinable @discardableResult
  public mutating func append(_ element: Element) -> Bool {
    if elements.count < capacity {
      elements.append(element)
      return true
    }
    guard overflow == .dropOldest else { return false }
    elements[oldest] = element
    oldest = (oldest + 1) % capacity
    dropped += 1
    return true
  }

  /// Takes everything, oldest first, and how many elements were dropped since the last call.
  public mutating func drain() -> (elements: [Element], dropped: UInt64) {
    defer { self = BoundedQueue(capacity: capacity, whenFull: overflow) }
    guard oldest > 0 else { return (elements, dropped) }
    return (Array(elements[oldest...] + elements[..<oldest]), dropped)
  }
}

extension BoundedQueue: Sendable where Element: Sendable {}
