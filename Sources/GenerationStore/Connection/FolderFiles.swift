import SQLiteConnection

// The files that lie beside the database in a data folder.

extension DatabaseFiles {
  var headFile: String { "\(folder)/head.json" }
  var elsewhere: String { "\(folder)/elsewhere.json" }
  var startCount: String { "\(folder)/starts.json" }
  var lossFile: String { "\(folder)/loss.json" }
}
