import GenerationStore
import RecoveryWorkbench
import Testing

@Test(
  arguments: [
    ("1", 1), ("3", 3), ("4", nil), ("current", 3), ("previous", 2), ("proven", 1), ("before the show", 2),
    ("another", nil), ("0", nil), ("99999999999999999999", nil),
  ] as [(String, Int64?)])
func generationsAreNamed(text: String, number: Int64?) throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try fixture.withStore {
    try $0.markProven(1)
    try $0.pin(2, label: "before the show")
  }
  let generations = try fixture.summaries()
  #expect(selector(text).resolve(in: generations) == number)
  #expect(selector(text).resolve(in: generations.reversed()) == number)
}

@Test(arguments: ["", " current", "a\u{7}b"])
func whatCanNameNoGenerationIsRefused(text: String) {
  #expect(GenerationSelector(text) == nil)
}

@Test(arguments: ["current", "previous", "proven", "1"])
func anEmptyListHasNoGeneration(text: String) {
  #expect(selector(text).resolve(in: []) == nil)
}
