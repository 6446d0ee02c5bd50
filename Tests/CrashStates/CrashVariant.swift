import SQLiteConnection

/// One of the ways in which a crash at one moment may leave the disk.
struct CrashVariant {
  /// What becomes of the changes of a file that are not durable.
  enum Fate: CaseIterable {
    case allKept, noneKept, lastTorn, firstLost, onlyLastKept, laterLost, someKept, someSectorsKept
    /// Some sectors are there, some are not, and some hold neither what was there nor what was written.
    case someSectorsTorn
  }

  /// Variants of one moment. The first ones treat all files alike, the others draw a fate for each file.
  static let count = 14
  private static let alike: [Fate] = [
    .allKept, .noneKept, .lastTorn, .firstLost, .onlyLastKept, .someSectorsKept, .someSectorsTorn,
  ]
  /// The unit that a disk writes whole: any part of a write that lies in one is there or not.
  private static let sector = 512

  private let number: Int
  private var random: SplitMix64

  /// - Parameter moment: number of events before the crash.
  init(_ number: Int, at moment: Int, seed: UInt64) {
    self.number = number
    random = SplitMix64(seed, UInt64(moment), UInt64(number))
  }

  /// The files that are found after the crash, by name.
  mutating func image(of disk: DiskModel) -> [String: [UInt8]] {
    var image: [String: [UInt8]] = [:]
    // In a fixed order, because each file draws from the same random numbers.
    for (name, file) in folder(of: disk).sorted(by: { $0.key < $1.key }) { image[name] = content(of: disk.files[file]) }
    return image
  }

  /// For one name its changes happen in order, so a first part of them is on disk; names are independent of each other.
  private mutating func folder(of disk: DiskModel) -> [String: Int] {
    var folder = disk.folder
    var lost: Set<String> = []
    for change in disk.folderChanges where !lost.contains(change.name) {
      let isKept =
        switch number {
        case 0: true
        case 1: false
        default: random.chance(0.5)
        }
      if isKept { folder[change.name] = change.file } else { lost.insert(change.name) }
    }
    return folder
  }

  private mutating func content(of file: DiskModel.File) -> [UInt8] {
    guard !file.changes.isEmpty else { return file.content }
    let fate = number < Self.alike.count ? Self.alike[number] : Fate.allCases.randomElement(using: &random) ?? .allKept
    let uncertain = file.changes.count { $0.standing != .durable }
    let share = [0.1, 0.5, 0.9].randomElement(using: &random) ?? 0.5
    let kept = Int.random(in: 0...uncertain, using: &random)
    var content = file.content
    var position = 0
    for change in file.changes {
      guard change.standing != .durable else {
        content.apply(change.kind)
        continue
      }
      defer { position += 1 }
      let isLast = position == uncertain - 1
      switch fate {
      case .allKept: content.apply(change.kind)
      case .noneKept: break
      case .lastTorn: if isLast { tear(change.kind, 0.5, &content) } else { content.apply(change.kind) }
      case .firstLost: if position > 0 { content.apply(change.kind) }
      case .onlyLastKept: if isLast { content.apply(change.kind) }
      case .laterLost: if position < kept { content.apply(change.kind) }
      case .someKept: if random.chance(share) { content.apply(change.kind) }
      case .someSectorsKept: tear(change.kind, share, &content)
      case .someSectorsTorn: tear(change.kind, share, garbage: 0.1, &content)
      }
    }
    return content
  }

  /// Keeps each sector's part of a write with the given probability.
  ///
  /// - Parameter garbage: probability that a part is anything instead: the disk was writing it when the power went.
  private mutating func tear(
    _ change: DiskModel.Change.Kind, _ probability: Double, garbage: Double = 0, _ content: inout [UInt8]
  ) {
    guard case .write(let offset, let bytes) = change else {
      if random.chance(probability) { content.apply(change) }
      return
    }
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, ((offset + start) / Self.sector + 1) * Self.sector - offset)
      if garbage > 0, random.chance(garbage) {
        let part = (start..<end).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        content.apply(part[...], at: offset + start)
      } else if random.chance(probability) {
        content.apply(bytes[start..<end], at: offset + start)
      }
      start = end
    }
  }

  /// The high-water mark, which is written without a sync: as of any store so far, torn between two of them, or missing.
  mutating func headFile(of marks: [HeadMark]) -> [UInt8]? {
    guard let newest = marks.last, let older = marks.randomElement(using: &random) else { return nil }
    switch number % 4 {
    case 0: return newest.bytes
    case 1: return nil
    case 2: return older.bytes
    default: return Array(newest.bytes.prefix(Int.random(in: 0...30, using: &random)) + older.bytes.dropFirst(30))
    }
  }
}
