import HeapModule

/// What is going to happen, by time; of two entries for the same time the earlier one made comes first.
struct Agenda {
  struct Entry: Comparable {
    let time: Duration
    let order: UInt64
    /// The host's life that it belongs to; it is dropped when that life is over. Nil: it belongs to the world.
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
