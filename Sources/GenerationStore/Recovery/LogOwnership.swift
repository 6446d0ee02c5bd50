import DatabaseForensics
import SQLiteConnection

/// Decides whether a log belongs to the database beside it. No I/O; see LogLink.swift for the argument.
///
/// | `state.db`                      | its log          | then                                    |
/// |---------------------------------|------------------|-----------------------------------------|
/// | a copy that never had a log     | any              | foreign                                 |
/// | link A, or link B after A       | link B after A   | its own                                 |
/// | another link                    | link B after A   | foreign                                 |
/// | no link that can be read        | any              | its own, as far as one can tell         |
/// | any                             | no link          | its own, as far as one can tell         |
enum LogOwnership {
  /// Nil if the log belongs to the database, or no evidence against it exists; otherwise the reason why it does not.
  static func reasonAgainst(_ log: LoggedLink, beside database: BareDatabase) -> String? {
    if database.isCopyWithoutLog { return "state.db is a copy that was made without a log" }
    guard let own = database.link?.own, let link = log.link, own != link.own, own != link.previous else { return nil }
    return "the log was begun on another state.db than the one that lies there"
  }
}

/// The identity of `state.db`, read without its log.
struct BareDatabase: Equatable {
  /// Whether it is a complete database in rollback journal mode, as backups are: no log can belong to it.
  var isCopyWithoutLog = false
  /// Nil if there is none, or it can't be read: in the middle of a checkpoint, or before the first one.
  var link: LogLink?
}

extension BareDatabase {
  /// - Parameter header: the header of the database's file.
  init(_ files: DatabaseFiles, header: [UInt8], vfs: String?) throws(SQLiteFailure) {
    let isDatabase = DatabaseImage.isDatabase(header)
    // While the mode of a new database is being changed there is a journal, with which SQLite reverts the change.
    let hasJournal = DatabaseFiles.size(of: "\(files.database)-journal").map { $0 > 0 } ?? false
    isCopyWithoutLog = isDatabase && header[18] == 1 && header[19] == 1 && !hasJournal
    guard isDatabase else { return }
    do throws(SQLiteFailure) {
      let connection = try Connection(files.database, .immutable, vfs: vfs)
      defer { connection.close() }
      link = try LogLink.read(from: connection)
    } catch {
      // Without its log it may be in any state, or have no tables yet.
      guard error.isDamage || error.isSchemaMismatch else { throw error }
    }
  }
}
