import Documents
import DurableFiles
import GenerationStore
import StudioState

/// The content of the data folder, read without opening the database.
struct FolderFacts {
  var files: [(name: String, facts: FileFacts)]
  var folder: FileFacts
  /// Names in `quarantine/`, oldest first.
  var quarantined: [String]

  /// 0 if there is no such file.
  func bytes(of name: String) -> Int64 { files.first { $0.name == name }?.facts.bytes ?? 0 }

  var json: JSONValue {
    .array(
      files.map {
        [
          "name": .string($0.name), "bytes": .int($0.facts.bytes), "mode": .string($0.facts.modeWords),
          "owner": .string($0.facts.ownerWords),
        ]
      })
  }

  var lines: [String] {
    var table = TextTable(["FILE", "BYTES", "MODE", "OWNER"])
    for file in files {
      let link = file.facts.isLink ? " (a symbolic link)" : ""
      table.append([file.name, "\(file.facts.bytes)", file.facts.modeWords, file.facts.ownerWords + link])
    }
    return table.lines
  }
}

extension FolderFacts {
  init(_ path: String) throws(ToolFailure) {
    guard let folder = FileFacts(path) else {
      throw ToolFailure(.noInput, "There is no folder \(path).", remedy: "Name the data folder with --data-dir.")
    }
    try Workbench.refuseClosed(path)
    self.folder = folder
    files = DataFolderLayout.listedNames.compactMap { name in FileFacts("\(path)/\(name)").map { (name, $0) } }
    quarantined = ((try? FolderListing.entries(of: DataFolderLayout(path).quarantine)) ?? []).map(\.name).sorted()
  }
}

extension HighWaterMark {
  var json: JSONValue { ["generation": .int(generation), "sequence": .int(Int64(clamping: sequence))] }
}
