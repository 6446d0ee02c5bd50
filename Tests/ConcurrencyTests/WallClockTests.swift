import PersistenceMessages
import Testing

@testable import Concurrency

// Labels of clocks that are wrong.

@Test(arguments: [
  (0, 0, Int64(0)), (1_700_000_000, 123_999_999, 1_700_000_000_123), (-1, 0, 0), (Int.min, 0, 0),
  (253_402_300_799, 999_999_999, 253_402_300_799_999), (253_402_300_800, 0, 253_402_300_799_000),
  (9_200_000_000_000_000, 0, 253_402_300_799_000), (Int.max, 999_999_999, 253_402_300_799_999),
])
func aWallClockBeyondAllYearsIsTheLastOneThatCanBeShown(seconds: Int, nanoseconds: Int, milliseconds: Int64) {
  let time = WallClock.unixMilliseconds(seconds: seconds, nanoseconds: nanoseconds)
  #expect(time == milliseconds)
  #expect(UTCTime.text(unixMilliseconds: time).utf8.count == 24)
}

@Test func theWallClockCountsFromTheYear1970() {
  // 2024 to 2100, in milliseconds: not seconds, and not the time since the boot.
  #expect((1_700_000_000_000...4_100_000_000_000).contains(WallClock.unixMilliseconds()))
}
