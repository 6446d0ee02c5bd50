import HostHarness
import Testing

// Invariant I1, on a real process with a store that writes all the time.

/// Calls that the C library may make for memory in 50,000 mutations: the heap may grow a page at a time, and its lock is
/// met now and then by the worker that frees what it has stored. One in 250 mutations would already be a defect.
private let memoryCallsAllowed = 200

@Test(.timeLimit(.minutes(2)), .enabled(if: Program.path(of: "strace") != nil, "strace is not installed"))
func acceptingMutationsMakesNoSystemCall() async throws {
  let (status, output) = try await Program.result(["\(HostProcess.binaries)/afterimage-bench", "system-calls"])
  #expect(status == 0, "\(output)")
  let lines = output.split(separator: "\n")
  #expect(lines.map { $0.prefix { $0 != ":" } } == ["mutations", "requests"])
  for line in lines {
    // Such as "mutations: memory 3, other 0 (3 mprotect)": 50,000 of each part were done.
    let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
    #expect(try #require(numbers.first) <= memoryCallsAllowed, "\(line)")
    #expect(numbers.dropFirst().first == 0, "\(line)")
  }
}
