/// Decides when a store writes all documents again. Pure.
package struct KeyframePolicy: Sendable, Equatable {
  /// Most generation numbers between two keyframes, so that damage to one page affects at most this many generations.
  var interval: Int64

  package init(interval: Int64) {
    self.interval = interval
  }

  /// - Parameters:
  ///   - newest: number of the newest retained keyframe.
  ///   - newestPin: number of the newest pinned generation.
  ///   - changed: the number of documents that must be written anyway.
  ///   - total: the number of documents of the whole state.
  package func isDue(next: Int64, newest: Int64?, newestPin: Int64?, changed: Int, total: Int) -> Bool {
    guard let newest else { return true }
    if next - newest >= interval { return true }
    // A generation that was pinned since the newest keyframe still shares documents with the head. A keyframe separates
    // them, so that later damage to the ring's pages can't affect the pinned one.
    if let newestPin, newestPin >= newest { return true }
    // Three quarters are written anyway: the rest costs little and restarts the interval.
    return changed * 4 >= total * 3
  }
}
