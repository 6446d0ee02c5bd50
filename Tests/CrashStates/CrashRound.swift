import Dispatch
import Synchronization
import TestVFS

/// The number of states checked, and the findings.
struct Tally: Sendable {
  var states = 0
  var images = 0
  var findings: [String] = []
  var findingCount = 0
  /// Findings by which a generation was lost that had been acknowledged.
  var lossCount = 0

  mutating func add(_ other: Tally) {
    states += other.states
    images += other.images
    findingCount += other.findingCount
    lossCount += other.lossCount
    findings += other.findings.prefix(max(0, 5 - findings.count))
  }
}

/// All crash states of one recording.
struct CrashRound {
  let recording: Recording
  let syncsNothing: Bool
  /// Images of this and earlier rounds that were checked.
  let known: KnownImages
  let folders: [ImageFolder]

  /// Moments of a recording at most; in a longer one, evenly chosen.
  private static let momentLimit = 400

  func run() -> Tally {
    let total = Mutex(Tally())
    DispatchQueue.concurrentPerform(iterations: folders.count) { worker in
      let tally = check(folders[worker], share: worker)
      total.withLock { $0.add(tally) }
    }
    return total.withLock { $0 }
  }

  /// Every worker walks through all events and looks at its share of the moments.
  private func check(_ folder: ImageFolder, share: Int) -> Tally {
    var walk = Walk(syncsNothing: syncsNothing)
    var tally = Tally()
    let step = max(1, recording.events.count / Self.momentLimit)
    for moment in 0...recording.events.count {
      if moment > 0 { walk.apply(recording.events[moment - 1], recording.marks) }
      guard moment % step == 0, moment / step % folders.count == share else { continue }
      // What is certain has one state, but for the high-water mark.
      for number in 0..<(walk.disk.isUncertain ? CrashVariant.count : 4) {
        tally.add(check(walk, moment, number, folder))
      }
    }
    return tally
  }

  private func check(_ walk: Walk, _ moment: Int, _ number: Int, _ folder: ImageFolder) -> Tally {
    var tally = Tally(states: 1)
    let image = walk.image(number, at: moment, seed: recording.seed)
    let (must, may) = walk.progress.shows(recording.outcomes)
    guard known.isNew(image, must, may) else { return tally }
    tally.images = 1
    do {
      folder.fill(with: image)
      try ImageCheck(recording: recording, folder: folder).run(must: must, may: may)
    } catch {
      tally.findingCount = 1
      tally.lossCount = (error as? ImageCheck.Finding)?.losesGeneration == true ? 1 : 0
      tally.findings = ["\(recording.seed):\(moment):\(number) (\(recording.kind)): \(error)"]
    }
    return tally
  }

  /// One state again, with its files.
  func replay(moment: Int, variant: Int) -> (image: [String: [UInt8]], tally: Tally) {
    var walk = Walk(syncsNothing: syncsNothing)
    for event in recording.events.prefix(moment) { walk.apply(event, recording.marks) }
    let image = walk.image(variant, at: moment, seed: recording.seed)
    return (image, check(walk, moment, variant, folders[0]))
  }
}

/// The disk, and what was known of it, after some of the events.
struct Walk {
  private(set) var disk: DiskModel
  private(set) var progress = Progress()
  private var marks: [HeadMark] = []

  init(syncsNothing: Bool) {
    disk = DiskModel(syncsNothing: syncsNothing)
  }

  mutating func apply(_ event: DiskEvent, _ stepMarks: [HeadMark?]) {
    disk.apply(event)
    progress.apply(event)
    if case .acknowledged(let step) = event, let mark = stepMarks[step] { marks.append(mark) }
    // The high-water mark of before is lost with the rest; the next start finds its own.
    if case .powerLoss = event { marks = [] }
  }

  func image(_ number: Int, at moment: Int, seed: UInt64) -> [String: [UInt8]] {
    var variant = CrashVariant(number, at: moment, seed: seed)
    var image = variant.image(of: disk)
    image["head.json"] = variant.headFile(of: marks)
    return image
  }
}

/// Remembers images by a hash of 64 bits, with what was to be expected of each.
final class KnownImages: Sendable {
  private let hashes = Mutex<Set<Int>>([])

  func isNew(_ image: [String: [UInt8]], _ must: ExpectedShow, _ may: ExpectedShow?) -> Bool {
    var hasher = Hasher()
    for (name, bytes) in image.sorted(by: { $0.key < $1.key }) {
      hasher.combine(name)
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
    hasher.combine(must)
    hasher.combine(may)
    let hash = hasher.finalize()
    return hashes.withLock { $0.insert(hash).inserted }
  }
}
