import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// The expectations that hold during every fault.
extension Studio {
  /// Health and journal report that accepted changes are unsaved, with reason and time.
  ///
  /// - Returns: health's `persistence`.
  @discardableResult
  func saysUnsaved(
    _ codes: String..., within bound: Duration = .seconds(10), sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    let health = try await health(within: bound, "lastError with \(codes)") {
      codes.contains($0["lastError"]?["code"]?.stringValue ?? "")
    }
    let error = try #require(health["lastError"], sourceLocation: sourceLocation)
    #expect(health["unsavedChanges"] == true, sourceLocation: sourceLocation)
    #expect((health["unsavedRequests"]?.intValue ?? 0) > 0, sourceLocation: sourceLocation)
    #expect(error["message"]?.stringValue?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(error["remedy"]?.stringValue?.isEmpty == false, sourceLocation: sourceLocation)
    #expect((error["attempts"]?.intValue ?? 0) > 0, sourceLocation: sourceLocation)
    #expect(error["failingForMs"]?.intValue != nil, sourceLocation: sourceLocation)
    let words = ["retrying", "failing", "readOnly"]
    #expect(words.contains(health["state"]?.stringValue ?? ""), sourceLocation: sourceLocation)
    let age = try #require(health["oldestUnsavedAgeMs"]?.intValue, sourceLocation: sourceLocation)
    try await eventually("a growing age of what is unsaved") {
      (try await self.health())["oldestUnsavedAgeMs"]?.intValue ?? 0 > age
    }
    try await journalTells(codes, sourceLocation)
    return health
  }

  /// `persistence.failed` with every member of the contract.
  private func journalTells(_ codes: [String], _ sourceLocation: SourceLocation) async throws {
    try await eventually("persistence.failed in the journal") {
      host.lines("persistence.failed").contains { codes.contains($0["code"]?.stringValue ?? "") }
    }
    for line in host.lines("persistence.failed") {
      for member in ["code", "message", "reason", "target"] {
        #expect(line[member]?.stringValue?.isEmpty == false, "\(member)", sourceLocation: sourceLocation)
      }
      for member in ["sequence", "attempt", "unsaved"] {
        #expect((line[member]?.intValue ?? 0) > 0, "\(member)", sourceLocation: sourceLocation)
      }
      #expect(line["newerRequestPending"]?.boolValue != nil, sourceLocation: sourceLocation)
      #expect(line["retryInMs"] != nil, sourceLocation: sourceLocation)
    }
  }

  /// Storing has resumed by itself: nothing is unsaved, and the journal reports the recovery and the stores.
  func storingResumes(
    within bound: Duration = .seconds(15), sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await isStored(within: bound, sourceLocation: sourceLocation)
    try await eventually("persistence.recovered in the journal") { !host.lines("persistence.recovered").isEmpty }
    let line = try #require(host.lines("persistence.recovered").last, sourceLocation: sourceLocation)
    #expect((line["afterAttempts"]?.intValue ?? 0) > 0, sourceLocation: sourceLocation)
  }

  /// Everything accepted is stored, and was reported as stored.
  func isStored(
    within bound: Duration = .seconds(10), sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let health = try await health(within: bound, "everything stored") { [sequence] in
      $0["storedSequence"]?.intValue == sequence && $0["state"] == "saved"
    }
    #expect(health["unsavedChanges"] == false, sourceLocation: sourceLocation)
    #expect(health["lastError"] == .null, sourceLocation: sourceLocation)
    try await eventually("persistence.stored in the journal") {
      host.lines("persistence.stored").last?["sequence"]?.intValue == sequence
    }
    let told = host.lines("persistence.stored").compactMap { $0["sequence"]?.intValue }
    #expect(told == told.sorted() && Set(told).count == told.count, "\(told)", sourceLocation: sourceLocation)
  }

  /// Health's `persistence` as soon as it is as wanted.
  @discardableResult
  func health(
    within bound: Duration = .seconds(10), _ what: String, _ isWanted: (JSONValue) -> Bool
  ) async throws -> JSONValue {
    var seen: JSONValue = .null
    do {
      try await eventually(within: bound) {
        seen = try await health()
        return isWanted(seen)
      }
    } catch is WaitFailure {
      throw WaitFailure(what: "\(what), health saying \(CanonicalJSON.text(seen)),", bound: bound)
    }
    return seen
  }

  /// After `kill -9` another host shows the same show, and nothing on disk is damaged or stands there twice.
  func everythingIsOnDisk(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    host.kill(SIGKILL)
    #expect(await host.wait() == -SIGKILL, sourceLocation: sourceLocation)
    try await startAgain()
    try await showIsBack(sourceLocation: sourceLocation)
    try await end(sourceLocation: sourceLocation)
  }

  /// The restarted host shows what was accepted last.
  func showIsBack(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    #expect(try await client.parameter("plasma", "mix") == mix, sourceLocation: sourceLocation)
    let state = try await client.json("GET", "/state").json
    #expect(state["sequence"]?.intValue == sequence, sourceLocation: sourceLocation)
    #expect(try await host.first("host.started")["lost"] == [], sourceLocation: sourceLocation)
  }

  /// After a loss the restarted host shows what the show was at some sequence, whole, and not at an earlier one.
  func showIsOneThatWasAccepted(
    notBefore earliest: Int64, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let state = try await client.json("GET", "/state").json
    let sequence = try #require(state["sequence"]?.intValue, sourceLocation: sourceLocation)
    #expect(sequence >= earliest, sourceLocation: sourceLocation)
    let shown = try await client.parameter("plasma", "mix")
    #expect(shown == mixes[sequence], "sequence \(sequence)", sourceLocation: sourceLocation)
  }

  /// Ends the host in good order, and looks at the database it leaves.
  func end(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    host.kill(SIGTERM)
    #expect(await host.wait() == 0, sourceLocation: sourceLocation)
    try await isClean(sourceLocation: sourceLocation)
    print("\(place.dataFolder): the slowest answer took \(slowestAnswer)")
  }

  /// Checksums and integrity hold, and no sequence is stored as two generations.
  func isClean(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let tool = ["\(HostProcess.binaries)/afterimage", "--data-dir", place.dataFolder]
    let verified = try await place.run(tool + ["--output", "json", "verify", "--all"])
    let answer = try JSONParser.parse(Array(verified.utf8), limits: .init(bytes: 1 << 20))
    #expect(answer["ok"] == true, "\(verified)", sourceLocation: sourceLocation)
    let shell = try await place.run([
      "sqlite3", "-readonly", place.database,
      """
      PRAGMA integrity_check; PRAGMA foreign_key_check;
      SELECT 'twice', sequence FROM generation GROUP BY sequence HAVING count(*) > 1;
      SELECT 'backwards', l.generation FROM generation l, generation e
      WHERE l.generation > e.generation AND l.sequence < e.sequence;
      """,
    ])
    #expect(shell == "ok\n", sourceLocation: sourceLocation)
  }
}
