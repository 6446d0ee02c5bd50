import DurableFiles
import GenerationStore
import StudioState

/// What lies in the data folder, without opening the database.
struct FolderFacts {
  static let names = ["state.db", "state.db-wal", "state.db-shm", "head.json", "host.lock", "host.json"]

  var files: [(name: String, facts: FileFacts)]
  var folder: FileFacts
  /// Names in `quarantine/`, oldest first.
  var quarantined: [String]

  init(_ path: String) throws(ToolFailure) {
    guard let folder = FileFacts(path) else {
      throw ToolFailure(.noInput, "There is no folder \(path). Name the data folder with --data-dir.")
    }
    self.folder = folder
    files = Self.names.compactMap { name in FileFacts("\(path)/\(name)").map { (name, $0) } }
    quarantined = ((try? FolderListing.entries(of: "\(path)/quarantine")) ?? []).map(\.name).sorted()
  }

  var json: JSONValue {
    .array(
      files.map {
        ["name": .string($0.name), "bytes": .int($0.facts.bytes), "mode": .string($0.facts.modeWords)]
      })
  }

  var lines: [String] {
    var table = TextTable(["FILE", "BYTES", "MODE"])
    for file in files { table.append([file.name, "\(file.facts.bytes)", file.facts.modeWords]) }
    return table.lines
  }
}

/// The high-water mark in `head.json`; nil when it can't be read.
struct HeadNote {
  var generation: Int64
  var sequence: Int64

  init?(folder: String) {
    guard let bytes = (try? DurableFile.read("\(folder)/head.json", limit: 4096)) ?? nil,
      let json = try? JSONParser.parse(bytes, limits: .init(bytes: 4096)),
      let generation = json["generation"]?.intValue, let sequence = json["sequence"]?.intValue
    else { return nil }
    self.generation = generation
    self.sequence = sequence
  }

  var json: JSONValue { ["generation": .int(generation), "sequence": .int(sequence)] }
}
