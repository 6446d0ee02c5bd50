import Documents
import GenerationStore
import PersistenceMessages
import StudioState

/// The result of a complete check.
struct Verification {
  var checked = 0
  var damaged: [Finding] = []
  /// SQLite's own messages about pages, trees and references.
  var integrity: [String] = []
  /// Whether only the views were read, because the checksums of a newer schema are not known here.
  var isUnchecked = false
  /// Documents that no generation names, which is not damage; nil if that can't be determined.
  var orphans: Int?

  struct Finding {
    /// Nil when it concerns all of them.
    var generation: Int64?
    var document: String
    var problem: String

    var json: JSONValue {
      [
        "generation": generation.map { .int($0) } ?? .null, "document": .string(document), "problem": .string(problem),
      ]
    }

    var words: String { "\(document): \(problem)" }
  }

  /// The damage, for people.
  var lines: [String] {
    var grouped = GroupedGenerations()
    var general: [String] = []
    for finding in damaged {
      if let generation = finding.generation {
        grouped.add(generation, finding.words)
      } else {
        general.append(TextTable.printable(finding.words))
      }
    }
    return general + grouped.lines + integrity.map { TextTable.printable("SQLite: \($0)") }
  }

  var isFine: Bool { damaged.isEmpty && integrity.isEmpty }

  mutating func note(_ documents: [DamagedDocument]) {
    damaged += documents.map { Finding(generation: $0.generation, document: $0.document, problem: $0.problem) }
  }
}

extension Verification {
  /// Checks everything, even if the list itself is damaged.
  init(ofAll reader: GenerationReader) throws {
    let (numbers, listDamage) = try reader.findableNumbers()
    if let listDamage {
      damaged.append(Finding(generation: nil, document: "list of generations", problem: listDamage))
    }
    for number in numbers {
      checked += 1
      do throws(GenerationReadFailure) {
        note(try reader.verify(number))
      } catch {
        guard error.code == .unknown else { throw error }
        damaged.append(Finding(generation: number, document: "manifest", problem: "its row can't be read"))
      }
    }
    do throws(StoreFailure) {
      integrity = try reader.integrityProblems()
    } catch {
      guard error.code == .corrupt else { throw error }
      integrity = [error.message]
    }
    orphans = try reader.orphanedDocuments()
    isUnchecked = reader.isNewerSchema
  }

  /// A database that can't even be opened.
  init(unusable failure: StoreFailure) {
    damaged = [Finding(generation: nil, document: "database", problem: failure.message)]
  }

  init(of generation: Int64, _ reader: GenerationReader) throws {
    checked = 1
    note(try reader.verify(generation))
  }
}

extension Workbench {
  /// Checks one generation, the current one when `selector` is nil, or all and SQLite's own structures.
  public func verify(_ selector: GenerationSelector?, all: Bool = false) throws(ToolFailure) -> Answer {
    try explained {
      let reader: GenerationReader
      do {
        reader = try self.reader()
      } catch let error as StoreFailure where all && error.code == .corrupt {
        return Self.answer(Verification(unusable: error), isAll: true)
      }
      defer { reader.close() }
      if all { return Self.answer(try Verification(ofAll: reader), isAll: true) }
      let number = try reader.resolve(selector ?? .current)
      return Self.answer(try Verification(of: number, reader), isAll: false)
    }
  }

  private static func answer(_ found: Verification, isAll: Bool) -> Answer {
    var lines = found.lines
    if isAll, found.integrity.isEmpty, found.checked > 0 { lines.append("SQLite's own integrity check: ok") }
    if let orphans = found.orphans, orphans > 0 {
      lines.append("\(orphans) documents belong to no generation; that is no damage, the next store deletes them")
    }
    if found.isUnchecked { lines.append("the schema is newer: checksums were not checked") }
    let problems = found.damaged.count + found.integrity.count
    lines.append("\(found.checked) checked, " + (found.isFine ? "all whole" : "\(problems) problems"))
    return Answer(
      [
        "ok": .bool(found.isFine), "checked": .int(Int64(found.checked)),
        "damaged": .array(found.damaged.map(\.json)), "integrity": .array(found.integrity.map { .string($0) }),
        "orphans": found.orphans.map { .int(Int64($0)) } ?? .null,
      ],
      lines: lines,
      notices: found.isFine
        ? [] : ["Damaged generations stay where they are. Roll back to a whole one, or see: afterimage salvage"],
      exit: found.isFine ? .fine : .found)
  }
}
