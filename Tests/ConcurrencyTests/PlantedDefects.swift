import Foundation
import Synchronization
import Testing

#if canImport(SanitizedLocks)
  import SanitizedLocks
#endif

// The controls of tools/sanitize: planted defects that a sanitizer must report, and correct code that it must not
// report.

private let planted = ProcessInfo.processInfo.environment["AFTERIMAGE_PLANTED_DEFECT"]

/// `@unchecked Sendable`: deliberately wrong.
private final class Unguarded: @unchecked Sendable {
  var count = 0
}

@Test(.enabled(if: planted == "thread", "a defect on purpose: only as a control of tools/sanitize"))
func aPlantedRaceIsReported() {
  let unguarded = Unguarded()
  let crew = Crew()
  for number in 0..<2 {
    crew.add("racer-\(number)", rounds: 200) { _ in
      unguarded.count += 1
      // Neither is over before the other has begun.
      usleep(100)
    }
  }
  #expect(crew.join())
  #expect(unguarded.count > 0)
}

@Test(.enabled(if: planted == "address", "a defect on purpose: only as a control of tools/sanitize"))
func aPlantedOverflowIsReported() {
  let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 8)
  defer { bytes.deallocate() }
  bytes.initialize(repeating: 1, count: 8)
  // Not known to the compiler, which would refuse it or leave it out.
  let end = ProcessInfo.processInfo.processIdentifier > 0 ? 8 : 7
  #expect(bytes[end] == bytes[end])
}

#if canImport(SanitizedLocks)
  @Test func aLockThatSomebodyHoldsIsTakenWhereTheSanitizerSeesIt() {
    let before = afterimage_contended_lock_count()
    let box = Guarded()
    let crew = Crew()
    for number in 0..<4 {
      crew.add("counter-\(number)", rounds: 20) { _ in
        box.count.withLock { count in
          count += 1
          // So long that others come meanwhile.
          usleep(100)
        }
      }
    }
    #expect(crew.join())
    #expect(box.count.withLock { $0 } == 80)
    #expect(afterimage_contended_lock_count() > before)
  }

  private final class Guarded: Sendable {
    let count = Mutex(0)
  }
#endif
