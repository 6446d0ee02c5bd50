import HashTreeCollections

/// The ordered layers, bottom to top: an immutable value with structural sharing.
///
/// Each layer sits in a slot that it keeps for life. Slots lie in chunks of 32, so replacing one layer copies one chunk
/// and the short list of chunks, not the stack; the order is a list of small integers and the index a hash tree. The
/// figures behind this choice are in docs/decisions/0006-state-structure.md.
public struct LayerStack: Sendable {
  /// Layers in a show at most. It bounds messages, the renderer and the size of a generation.
  public static let maximumCount = 4096

  private static let chunkSize = 32
  private var chunks: [[Layer?]] = []
  /// Slots, bottom to top.
  private var order: [Int32] = []
  private var slots: TreeDictionary<LayerID, Int32> = [:]
  /// Slots that were used and are empty now.
  private var freeSlots: [Int32] = []
  /// Anew with every insertion, removal and move: two stacks that share it have the same layers in the same order.
  private var arrangement = Arrangement()

  private final class Arrangement: Sendable {}

  public init() {}

  /// Of two layers with the same id the first one is kept.
  public init(_ layers: some Sequence<Layer>) {
    for layer in layers where self[layer.id] == nil { insert(layer, at: count) }
  }

  public var count: Int { order.count }
  public var isEmpty: Bool { order.isEmpty }

  public subscript(_ id: LayerID) -> Layer? {
    slots[id].flatMap { self.layer(inSlot: $0) }
  }

  /// The layer at `position` from the bottom; `position` must be in `0..<count`.
  public subscript(position position: Int) -> Layer {
    guard let layer = layer(inSlot: order[position]) else { preconditionFailure("an ordered slot is empty") }
    return layer
  }

  public func position(of id: LayerID) -> Int? {
    slots[id].flatMap { order.firstIndex(of: $0) }
  }

  /// Puts `layer` in the place of the layer with its id; false, and nothing changed, when there is none.
  @discardableResult
  public mutating func replace(_ layer: Layer) -> Bool {
    guard let slot = slots[layer.id] else { return false }
    put(layer, inSlot: slot)
    return true
  }

  /// Inserts a layer whose id is not in the stack; `position` is held within `0...count`.
  public mutating func insert(_ layer: Layer, at position: Int) {
    precondition(slots[layer.id] == nil, "layer ids are unique")
    let slot = freeSlots.popLast() ?? Int32(order.count)
    put(layer, inSlot: slot)
    slots[layer.id] = slot
    arrangement = Arrangement()
    order.insert(slot, at: Swift.min(Swift.max(position, 0), order.count))
  }

  @discardableResult
  public mutating func remove(_ id: LayerID) -> Layer? {
    guard let slot = slots.removeValue(forKey: id) else { return nil }
    let layer = layer(inSlot: slot)
    put(nil, inSlot: slot)
    order.removeAll { $0 == slot }
    freeSlots.append(slot)
    arrangement = Arrangement()
    return layer
  }

  /// Moves a layer so that it ends at `position` (held within the stack); false when there is no such layer.
  @discardableResult
  public mutating func move(_ id: LayerID, to position: Int) -> Bool {
    guard let slot = slots[id] else { return false }
    arrangement = Arrangement()
    order.removeAll { $0 == slot }
    order.insert(slot, at: Swift.min(Swift.max(position, 0), order.count))
    return true
  }

  /// Whether both hold layers of the same ids in the same order. Constant time when nothing was rearranged between them.
  public func hasSameOrder(as other: LayerStack) -> Bool {
    arrangement === other.arrangement || elementsEqual(other) { $0.id == $1.id }
  }

  /// The layers that are not the identical object in `earlier`, in no particular order. Chunks that both share are
  /// passed over unseen, so that the cost follows the change and not the stack.
  public func layersChanged(since earlier: LayerStack) -> [Layer] {
    var changed: [Layer] = []
    for (number, chunk) in chunks.enumerated() {
      let other = number < earlier.chunks.count ? earlier.chunks[number] : []
      if Self.isIdentical(chunk, other) { continue }
      for (index, layer) in chunk.enumerated() {
        guard let layer else { continue }
        if index < other.count, other[index] === layer { continue }
        if earlier[layer.id] !== layer { changed.append(layer) }
      }
    }
    return changed
  }

  private static func isIdentical(_ left: [Layer?], _ right: [Layer?]) -> Bool {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in left.baseAddress == right.baseAddress && left.count == right.count }
    }
  }

  private func layer(inSlot slot: Int32) -> Layer? {
    chunks[Int(slot) / Self.chunkSize][Int(slot) % Self.chunkSize]
  }

  private mutating func put(_ layer: Layer?, inSlot slot: Int32) {
    let chunk = Int(slot) / Self.chunkSize
    let index = Int(slot) % Self.chunkSize
    if chunk == chunks.count { chunks.append([]) }
    if index == chunks[chunk].count { chunks[chunk].append(layer) } else { chunks[chunk][index] = layer }
  }
}

extension LayerStack: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }
  public subscript(_ position: Int) -> Layer { self[position: position] }
}

extension LayerStack: Equatable {
  public static func == (left: LayerStack, right: LayerStack) -> Bool {
    left.elementsEqual(right)
  }
}
