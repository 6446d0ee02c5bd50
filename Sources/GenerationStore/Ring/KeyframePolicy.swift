/// When a store writes all documents afresh. Pure.
package struct KeyframePolicy: Sendable, Equatable {
  /// A keyframe comes at the latest this many generation numbers after the one before it, so that damage to one page
  /// reaches this many generations at most.
  var interval: Int64

  package init(interval: Int64) {
    self.interval = interval
  }

  /// - Parameters:
  ///   - newest: number of the newest retained keyframe.
  ///   - newestPin: number of the newest pinned generation.
  ///   - changed: documents that have to be written anyway.
  ///   - total: documents of the whole state.
  package func isDue(next: Int64, newest: Int64?, newestPin: Int64?, changed: Int, total: Int) -> Bool {
    guard let newest else { return true }
    if next - newest >= interval { return true }
    // A generation that was pinned since the newest keyframe still shares documents with the head. A keyframe now
    // parts them: what happens to the ring's pages from here on can't reach the pinned one.
    if let newestPin, newestPin >= newest { return true }
    // Three quarters are written anyway: the rest costs little and starts the count anew.
    return changed * 4 >= total * 3
  }
}
