import Documents
public import DurableFiles
import PersistenceMessages

/// `elsewhere.json` in the data folder: the second folders that hosts on it were given, and the newest state known to
/// be in each. A start without `--fallback-dir`, or with another one, uses it to find a newer state.
///
/// Advisory, and written before it is needed: a host records its second folder at the start, while the disk works, and
/// adds the numbers when it stores there, if the failing disk accepts them. The file may be missing.
///
/// Format: one object of JSON,
/// `{"folders":[{"folder":"/spare","generation":7,"sequence":12,"storedAtUnixMs":1763890560123}]}`, the one used last
/// first, at most four. Generation and sequence are 0 while no newer state is known to be there.
public struct Elsewhere: Sendable, Equatable {
  public struct Place: Sendable, Equatable {
    /// An absolute path.
    public var folder: String
    /// The newest state stored there, as far as it could be recorded.
    public var newest: HighWaterMark

    public init(folder: String, newest: HighWaterMark = HighWaterMark()) {
      self.folder = folder
      self.newest = newest
    }
  }

  /// Most folders that are recorded; more than a show ever has.
  static let capacity = 4
  private static let longest = 1 << 16

  public private(set) var places: [Place] = []

  public init() {}

  /// Reads the file in `dataFolder`; a file that can't be read counts as missing.
  public init(dataFolder: String) {
    let path = DataFolderLayout(dataFolder).elsewhere
    guard let bytes = (try? DurableFile.read(path, limit: Self.longest)) ?? nil,
      let json = try? JSONParser.parse(bytes, limits: .init(bytes: Self.longest, depth: 4))
    else { return }
    places = (json["folders"]?.arrayValue ?? []).compactMap(Place.init(json:))
    places = Array(places.prefix(Self.capacity))
  }

  /// Records the current second folder; a recorded state is kept.
  public mutating func noteFolder(_ folder: String) {
    note(folder, places.first { $0.folder == folder }?.newest ?? HighWaterMark())
  }

  /// Replaces the recorded state of a folder: the state that was stored there, or none because the data folder has it
  /// too.
  public mutating func note(_ folder: String, _ newest: HighWaterMark) {
    places.removeAll { $0.folder == folder }
    places.insert(Place(folder: folder, newest: newest), at: 0)
    // A folder with a recorded newer state is not dropped for one without.
    while places.count > Self.capacity {
      places.remove(at: places.lastIndex { $0.newest.sequence == 0 } ?? places.count - 1)
    }
  }

  /// Writes the record; it blocks for as long as the disk takes.
  public func write(to dataFolder: String) throws(FileFailure) {
    let json: JSONValue = ["folders": .array(places.map(\.json))]
    try DurableFile.replace(
      DataFolderLayout(dataFolder).elsewhere, with: CanonicalJSON.encode(json) + [UInt8(ascii: "\n")])
  }
}

extension Elsewhere.Place {
  fileprivate init?(json: JSONValue) {
    guard let folder = json["folder"]?.stringValue, folder.hasPrefix("/"),
      let generation = json["generation"]?.intValue, (0..<HighWaterMark.bound).contains(generation),
      let sequence = json["sequence"]?.intValue, (0..<HighWaterMark.bound).contains(sequence)
    else { return nil }
    self.init(
      folder: folder,
      newest: HighWaterMark(
        generation: generation, sequence: UInt64(sequence), storedAtUnixMs: json["storedAtUnixMs"]?.intValue ?? 0))
  }

  fileprivate var json: JSONValue {
    [
      "folder": .string(folder), "generation": .int(newest.generation),
      "sequence": .int(Int64(clamping: newest.sequence)), "storedAtUnixMs": .int(newest.storedAtUnixMs),
    ]
  }

  /// For the operator.
  var words: String {
    "generation \(newest.generation) (sequence \(newest.sequence)) was stored in \(folder) at "
      + UTCTime.text(unixMilliseconds: newest.storedAtUnixMs)
  }
}
