/// Which system calls the threads of the hot path made between its markers, by name, read from what strace wrote.
struct SystemCallReport {
  /// How often each call was made, by part.
  private(set) var calls: [MarkedHotPath.Part: [String: Int]] = [:]

  struct Problem: Error, CustomStringConvertible { var description: String }

  /// Calls by which the C library gets memory from the system and gives it back. They follow the growth of the heap, which
  /// ends once the show has been through all of its values.
  private static let heapCalls: Set<String> = ["brk", "mmap", "munmap", "mremap", "mprotect", "madvise"]
  /// Stands for a `futex` on the lock inside the C library's heap: the worker frees what this thread allocated, and both
  /// met there for the moment that a list operation takes. No lock of ours lies there.
  private static let heapLock = "heap-lock"
  /// glibc aligns each heap of a thread to this; its lock is in the first page.
  private static let heapAlignment: UInt64 = 64 << 20

  /// - Parameter trace: the output of `strace -f`: a line a call, each with the thread's number in front.
  /// - Throws: when a marker is missing: a trace without them would look like a path without calls.
  init(trace: String) throws(Problem) {
    for part in MarkedHotPath.Part.allCases { calls[part] = try Self.count(part, trace) }
  }

  private static func count(_ part: MarkedHotPath.Part, _ trace: String) throws(Problem) -> [String: Int] {
    var counts: [String: Int] = [:]
    var thread: Substring?
    for line in trace.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
      guard words.count == 2 else { continue }
      if line.contains(MarkedHotPath.marker(part, "begin")) {
        thread = words[0]
      } else if line.contains(MarkedHotPath.marker(part, "end")) {
        guard thread == words[0] else { break }
        return counts
      } else if thread == words[0], let name = callName(words[1]) {
        counts[name == "futex" && isOnHeapLock(words[1]) ? heapLock : name, default: 0] += 1
      }
    }
    throw Problem(description: "the markers of \(part.rawValue) are not in the trace")
  }

  /// `futex` of `futex(0x7f…, FUTEX_WAIT…`; nil for lines that begin no call, such as `<... futex resumed>`.
  private static func callName(_ text: Substring) -> String? {
    guard let end = text.firstIndex(of: "("), end > text.startIndex else { return nil }
    let name = text[..<end]
    return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? String(name) : nil
  }

  private static func isOnHeapLock(_ call: Substring) -> Bool {
    let digits = call.dropFirst("futex(0x".count).prefix { $0.isHexDigit }
    guard let address = UInt64(digits, radix: 16) else { return false }
    return address % heapAlignment < 4096
  }

  func memoryCalls(_ part: MarkedHotPath.Part) -> Int { total(part) { Self.isForMemory($0) } }
  func otherCalls(_ part: MarkedHotPath.Part) -> Int { total(part) { !Self.isForMemory($0) } }

  private static func isForMemory(_ name: String) -> Bool { name == heapLock || heapCalls.contains(name) }

  /// `2 mmap, 1 futex`, or `none`.
  func words(_ part: MarkedHotPath.Part) -> String {
    let counts = (calls[part] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return counts.isEmpty ? "none" : counts.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  private func total(_ part: MarkedHotPath.Part, _ isCounted: (String) -> Bool) -> Int {
    (calls[part] ?? [:]).reduce(0) { $0 + (isCounted($1.key) ? $1.value : 0) }
  }
}

extension Section {
  /// - Parameter report: nil when there is no strace on this machine.
  mutating func judgeSystemCalls(_ report: SystemCallReport?, _ part: MarkedHotPath.Part, goal: String) {
    guard let report else { return note("system calls", "SKIPPED: no strace") }
    let name = "system calls in \(grouped(TracedHotPath.rounds)) \(part.rawValue)"
    judge(name, report.words(part), goal, isMet: report.otherCalls(part) == 0)
  }
}
