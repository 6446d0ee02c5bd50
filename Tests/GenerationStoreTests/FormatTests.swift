import Documents
import StudioState
import Testing

@testable import GenerationStore

@Test func rangesAreWrittenShortAndReadBack() throws {
  let ranges = DocumentRanges(ascending: [1, 2, 3, 7, 9, 10])
  #expect(ranges.json == "[[1,3],[7,7],[9,10]]")
  #expect(DocumentRanges(json: Array(ranges.json.utf8)) == ranges)
  #expect(ranges.count == 6)
  #expect(ranges.last == 10)
}

@Test(arguments: [
  "", "[", "{}", "[[1]]", "[[2,1]]", "[[0,1]]", "[[1,2],[2,3]]", "[[5,6],[1,2]]", "[[1,1.5]]", "[[1,2,3]]", "[\"1\"]",
  "[[-3,4]]", "[[1,9223372036854775807]]", "[[[1,2]]]", "null",
])
func damagedManifestsAreNoRanges(text: String) {
  #expect(DocumentRanges(json: Array(text.utf8)) == nil)
}

@Test func hugeRangesAreCountedWithoutOverflow() throws {
  let ranges = try #require(
    DocumentRanges(json: Array("[[1,4611686018427387904],[4611686018427387906,9223372036854775806]]".utf8)))
  #expect(ranges.count > 1 << 61)
}

@Test func subtractingRangesIsSubtractingSets() {
  var random = SeededGenerator(seed: 7)
  for _ in 0..<3000 {
    let left = Set((0..<Int.random(in: 0...14, using: &random)).map { _ in Int64.random(in: 1...24, using: &random) })
    let right = Set((0..<Int.random(in: 0...14, using: &random)).map { _ in Int64.random(in: 1...24, using: &random) })
    let result = DocumentRanges(ascending: left.sorted()).subtracting(DocumentRanges(ascending: right.sorted()))
    #expect(Set(result.ranges.flatMap { Array($0) }) == left.subtracting(right))
    let isAscending = zip(result.ranges, result.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
    #expect(isAscending)
  }
}

@Test func everyColumnAndDocumentCountsInTheGenerationsChecksum() {
  let record = GenerationRecord(
    generation: 1, sequence: 2, storedAtUnixMs: 3, origin: "mutation", reason: "a", actor: "bc", requests: 4, items: 5,
    bytes: 6, isKeyframe: false)
  let documents = [DocumentReference(id: 1, checksum: 11), DocumentReference(id: 2, checksum: 12)]
  var sums: Set<UInt64> = [record.checksum(over: documents)]
  let changes: [(inout GenerationRecord) -> Void] = [
    { $0.generation = 9 }, { $0.sequence = 9 }, { $0.storedAtUnixMs = 9 }, { $0.origin = "import" }, { $0.reason = "" },
    { $0.actor = "" }, { $0.requests = 9 }, { $0.items = 9 }, { $0.bytes = 9 }, { $0.isKeyframe = true },
    // The border between two texts counts too.
    { ($0.reason, $0.actor) = ("ab", "c") },
  ]
  for change in changes {
    var other = record
    change(&other)
    sums.insert(other.checksum(over: documents))
  }
  for other in [[], [documents[0]], [documents[1], documents[0]], documents + [DocumentReference(id: 3, checksum: 0)]] {
    sums.insert(record.checksum(over: other))
  }
  #expect(sums.count == 1 + changes.count + 4)
}

@Test func aDocumentsChecksumSeesTheBordersOfItsParts() {
  let sums = Set([
    Document.checksum(kind: "layer", name: "a", body: [98]),
    Document.checksum(kind: "layer", name: "ab", body: []),
    Document.checksum(kind: "layera", name: "", body: [98]),
  ])
  #expect(sums.count == 3)
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
