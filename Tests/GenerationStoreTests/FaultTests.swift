import CSQLite
import DurableFiles
import PersistenceMessages
import StudioState
import TestVFS
import Testing

@testable import GenerationStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// SQLite's own method: the first, second, third … call of a kind fails, until a run passes in which none did. Each ends
/// with the newest state stored, nothing acknowledged lost, nothing stored twice, and a sound database.
///
/// Every call fails once, and every third one and all after it, while the errors that fit it take turns. With
/// `AFTERIMAGE_SOAK` set every call fails both ways with every error.
@Test(arguments: FaultScenario.allCases, FaultKind.all.indices)
func whicheverCallFailsTheNewestStateIsStoredInTheEnd(scenario: FaultScenario, index: Int) throws {
  let kind = FaultKind.all[index]
  let isSoak = getenv("AFTERIMAGE_SOAK") != nil
  var runs = 0
  for isSticky in [false, true] {
    for turn in isSoak ? kind.faults.indices : 0..<1 {
      var number = 1
      while true {
        let fault = kind.faults[(isSoak ? turn : number + (isSticky ? 1 : 0)) % kind.faults.count]
        let run = try FaultRun(scenario, kind.kind, fault, number: number, isSticky: isSticky)
        guard try run.run() else { break }
        runs += 1
        number += isSticky && !isSoak ? 3 : 1
        try #require(number < 1000, "no run ended without the fault")
      }
    }
  }
  if isSoak { print("faults: \(runs) runs") }
}
