import Documents
import SQLiteConnection

/// The runs that ended with the machine, in two rows of `store_setting`, so that the schema does not change. `boot` is
/// the boot under which the newest run began; `power_lost_runs` is a JSON list of runs, ascending.
struct RunBoots {
  private static let bootSetting = "boot"
  private static let listSetting = "power_lost_runs"

  private(set) var boot: String?
  private(set) var powerLost: [Int64] = []

  init(_ connection: Connection) throws(SQLiteFailure) {
    boot = try Self.setting(Self.bootSetting, connection)
    guard let list = try Self.setting(Self.listSetting, connection),
      let json = try? JSONParser.parse(Array(list.utf8), limits: .init(bytes: 1 << 16, depth: 2))
    else { return }
    powerLost = (json.arrayValue ?? []).compactMap(\.intValue)
  }

  private static func setting(_ name: String, _ connection: Connection) throws(SQLiteFailure) -> String? {
    let statement = try connection.statement("SELECT value FROM store_setting WHERE name = ?1")
    defer { statement.reset() }
    try statement.bind(name, at: 1)
    return try statement.step() ? statement.text(0) : nil
  }

  /// - Parameter runs: newest first.
  func mark(_ runs: inout [HostRun]) {
    for index in runs.indices {
      runs[index].isPowerLoss = powerLost.contains(runs[index].run)
      if index == 0 { runs[index].boot = boot }
    }
  }

  /// Records the boot of a new run, in that run's transaction. An earlier run that is still marked as running and began
  /// under another boot ended with the machine.
  ///
  /// - Parameter boot: the current boot; if nil, nothing is recorded.
  static func note(_ boot: String?, keeping kept: Int, _ connection: Connection) throws(SQLiteFailure) {
    guard let boot else { return }
    var known = try RunBoots(connection)
    if let earlier = known.boot, earlier != boot {
      let statement = try connection.statement("SELECT run FROM host_run WHERE ending = 'running' ORDER BY run")
      while try statement.step() { known.powerLost.append(statement.integer(0)) }
      statement.reset()
      known.powerLost = Array(Set(known.powerLost)).sorted().suffix(kept)
    }
    try set(bootSetting, boot, connection)
    try set(listSetting, CanonicalJSON.text(.array(known.powerLost.map { .int($0) })), connection)
  }

  private static func set(_ name: String, _ value: String, _ connection: Connection) throws(SQLiteFailure) {
    let write = try connection.statement("INSERT OR REPLACE INTO store_setting(name, value) VALUES (?1, ?2)")
    try write.bind(name, at: 1)
    try write.bind(value, at: 2)
    try write.run()
  }

  /// Copies the rows into a rebuilt database, with the runs.
  func copy(to connection: Connection) throws(SQLiteFailure) {
    if let boot { try Self.set(Self.bootSetting, boot, connection) }
    if !powerLost.isEmpty {
      try Self.set(Self.listSetting, CanonicalJSON.text(.array(powerLost.map { .int($0) })), connection)
    }
  }
}
