import DurableFiles
import SQLiteConnection

// The files that lie beside the database in a data folder.

extension DatabaseFiles {
  var headFile: String { DataFolderLayout(folder).head }
  var elsewhere: String { DataFolderLayout(folder).elsewhere }
  var startCount: String { DataFolderLayout(folder).starts }
  var lossFile: String { DataFolderLayout(folder).loss }
}
