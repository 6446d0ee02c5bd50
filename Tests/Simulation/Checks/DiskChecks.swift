import GenerationStore
import PersistenceMessages

// The checks of every transaction.
extension World {
  func checkDisk(after stored: StoredGeneration, pruned: [Int64], before: DiskImage) {
    let image = disk.visible
    if let previous = before.head, image.head !== previous {
      require(
        stored.generation > previous.generation && stored.sequence > previous.sequence, .immutableHistory,
        "generation \(stored.generation) (sequence \(stored.sequence)) follows \(previous.generation)")
    }
    for entry in image.ring.entries {
      require(
        image.shows[entry.generation] === disk.witnesses[entry.generation], .immutableHistory,
        "generation \(entry.generation) is another one")
    }
    if let missing = image.missingDocument {
      require(
        false, .immutableHistory,
        "pruning took document \(missing.document), which generation \(missing.generation) needs")
    }
    checkGoodStays(image, pruned: pruned, before: before)
    // Only a new generation prunes; one that turns out to be there already does not.
    if image.head !== before.head { checkRingIsBounded(image) }
  }

  private func checkGoodStays(_ image: DiskImage, pruned: [Int64], before: DiskImage) {
    if image.frozenThrough != nil { count { $0.frozenStores += 1 } }
    let goneWhileFrozen = image.guarded.first { image.ring[$0] == nil }
    require(
      goneWhileFrozen == nil, .goodStays,
      "generation \(goneWhileFrozen ?? 0) was there when the fallback state began and is gone")
    let proven = before.ring.newestProven
    require(
      proven.map { !pruned.contains($0) } ?? true, .goodStays,
      "generation \(proven ?? 0), the newest proven one, was pruned")
    let pinned = before.ring.entries.first { $0.pin != nil && pruned.contains($0.generation) }?.generation
    require(pinned == nil, .goodStays, "generation \(pinned ?? 0) is pinned and was pruned")
  }

  private func checkRingIsBounded(_ image: DiskImage) {
    let retention = scenario.retention
    let bound = retention.newest + retention.hourly + retention.daily + scenario.pinLimit + 1 + image.guarded.count
    require(
      image.ring.entries.count <= bound, .bounded,
      "\(image.ring.entries.count) generations, \(image.ring.pinCount) of them pinned, in a ring of at most \(bound): "
        + image.ring.entries.map { "\($0.generation)" }.joined(separator: " "))
  }
}
