import Testing

@testable import RecoveryWorkbench

@Test func sharedDamageIsToldOnce() {
  var grouped = GroupedGenerations()
  for number in [1, 2, 3, 7] { grouped.add(Int64(number), "packages: its checksum does not match its content") }
  grouped.add(5, "stack: it is missing")
  #expect(
    grouped.lines == [
      "generations 1 to 3, 7, packages: its checksum does not match its content", "generation 5, stack: it is missing",
    ])
}
