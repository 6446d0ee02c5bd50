import HeapModule

/// Scheduled events, ordered by time; of two entries for the same time the one added first comes first.
struct Agenda {
  struct Entry: Comparable {
    let time: Duration
    let order: UInt64
    /// The host's life to which the entry belongs; it is dropped when that life ends. Nil for the world itself.
    let life: Int?
    let action: () -> Void

    static func < (left: Entry, right: Entry) -> Bool {
      left.time == right.time ? left.order < right.order : left.time < right.time
    }

    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
  }

  private var entries = Heap<Entry>()
  private var made: UInt64 = 0

  var nextTime: Duration? { entries.min?.time }

  mutating func add(at time: Duration, life: Int?, _ action: @escaping () -> Void) {
    made += 1
    entries.insert(Entry(time: time, order: made, life: life, action: action))
  }

  mutating func take() -> Entry? { entries.popMin() }
}
