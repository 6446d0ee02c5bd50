import HashTreeCollections

/// The ordered layers, bottom to top: an immutable value with structural sharing.
///
/// A layer keeps its slot for its lifetime. Slots are grouped in chunks of 16, so replacing one layer copies one chunk
/// and the short list of chunks, not the stack. All stacks share the assignment of layers to slots until one is
/// rearranged, so that a copy of a stack is two references. The measurements are in
/// docs/decisions/0006-state-structure.md.
public struct LayerStack: Sendable {
  /// Most layers in a show. Bounds messages, the renderer and the size of a generation.
  public static let maximumCount = 4096

  private static let chunkSize = 16
  private var chunks: [[Layer?]] = []
  private var arrangement = Arrangement(places: Places())

  /// Replaced at every insertion, removal and move: two stacks that share it have layers of the same ids in the same
  /// order.
  private final class Arrangement: Sendable {
    let places: Places

    init(places: Places) { self.places = places }
  }

  private struct Places {
    /// Slots, bottom to top.
    var order: [Int32] = []
    var slots: TreeDictionary<LayerID, Int32> = [:]
    /// Slots that are empty again.
    var freeSlots: [Int32] = []
  }

  public init() {}

  /// Of two layers with the same id the first one is kept.
  public init(_ layers: some Sequence<Layer>) {
    for layer in layers where self[layer.id] == nil { insert(layer, at: count) }
  }

  public var count: Int { arrangement.places.order.count }
  public var isEmpty: Bool { count == 0 }

  public subscript(_ id: LayerID) -> Layer? {
    slot(of: id).flatMap { self.layer(inSlot: $0) }
  }

  /// The layer at `position`, counted from the bottom; `position` must be in `0..<count`.
  public subscript(position position: Int) -> Layer {
    guard let layer = layer(inSlot: arrangement.places.order[position]) else {
      preconditionFailure("an ordered slot is empty")
    }
    return layer
  }

  public func position(of id: LayerID) -> Int? {
    slot(of: id).flatMap { arrangement.places.order.firstIndex(of: $0) }
  }

  /// Replaces the layer that has the id of `layer`. Returns false, and changes nothing, if there is none.
  @discardableResult
  public mutating func replace(_ layer: Layer) -> Bool {
    guard let slot = slot(of: layer.id) else { return false }
    put(layer, inSlot: slot)
    return true
  }

  /// Inserts a layer whose id is not in the stack; `position` is clamped to `0...count`.
  public mutating func insert(_ layer: Layer, at position: Int) {
    precondition(slot(of: layer.id) == nil, "layer ids are unique")
    var places = arrangement.places
    let slot = places.freeSlots.popLast() ?? Int32(places.order.count)
    places.slots[layer.id] = slot
    places.order.insert(slot, at: Swift.min(Swift.max(position, 0), places.order.count))
    arrangement = Arrangement(places: places)
    put(layer, inSlot: slot)
  }

  @discardableResult
  public mutating func remove(_ id: LayerID) -> Layer? {
    var places = arrangement.places
    guard let slot = places.slots.removeValue(forKey: id) else { return nil }
    let layer = layer(inSlot: slot)
    places.order.removeAll { $0 == slot }
    places.freeSlots.append(slot)
    arrangement = Arrangement(places: places)
    put(nil, inSlot: slot)
    return layer
  }

  /// Moves a layer to `position`, clamped to the stack. Returns false if there is no such layer.
  @discardableResult
  public mutating func move(_ id: LayerID, to position: Int) -> Bool {
    var places = arrangement.places
    guard let slot = places.slots[id] else { return false }
    places.order.removeAll { $0 == slot }
    places.order.insert(slot, at: Swift.min(Swift.max(position, 0), places.order.count))
    arrangement = Arrangement(places: places)
    return true
  }

  /// Whether both stacks have layers of the same ids in the same order. Constant time if neither was rearranged since.
  public func hasSameOrder(as other: LayerStack) -> Bool {
    arrangement === other.arrangement || elementsEqual(other) { $0.id == $1.id }
  }

  /// The layers that are not the identical object in `earlier`, in no particular order. Shared chunks are skipped, so
  /// that the cost depends on the change, not on the size of the stack.
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

  private func slot(of id: LayerID) -> Int32? { arrangement.places.slots[id] }

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
