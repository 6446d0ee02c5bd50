import StudioState
import Testing

@testable import VideoOutput

@Test(arguments: [
  (60.0, 60, 1), (25.0, 25, 1), (1.0, 1, 1), (240.0, 240, 1), (29.97, 30000, 1001), (29.970029, 30000, 1001),
  (59.94, 60000, 1001), (23.976, 24000, 1001), (23.98, 24000, 1001), (119.88, 120000, 1001),
  (12.5, 12_500_000, 1_000_000), (29.9, 29_900_000, 1_000_000), (0.0, 1, 1), (-5.0, 1, 1), (1e9, 240, 1),
  (Double.nan, 60, 1), (Double.infinity, 240, 1),
])
func decimalRatesAreTheFractionsThatPeopleMean(rate: Double, numerator: Int64, denominator: Int64) {
  #expect(FrameRate(rate) == FrameRate(numerator, denominator))
}

private let rates = [1.0, 12.5, 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, 119.88, 240]

@Test(arguments: rates)
func aFrameBeginsExactlyAtItsTime(rate: Double) {
  let clock = FrameClock(rate: FrameRate(rate), epoch: .seconds(77) + .nanoseconds(3))
  let attosecond = Duration(attoseconds: 1)
  for number: Int64 in [0, 1, 2, 999, 1000, 1001, 215_784, 10_000_000, 1_000_000_000_000, -1, -1001] {
    let time = clock.time(ofFrame: number)
    #expect(clock.frame(at: time) == number)
    #expect(clock.frame(at: time - attosecond) == number - 1)
    #expect(clock.firstFrame(notBefore: time) == number)
    #expect(clock.firstFrame(notBefore: time - attosecond) == number)
    #expect(clock.firstFrame(notBefore: time + attosecond) == number + 1)
  }
}

@Test func theClockDoesNotDriftOverHours() {
  let ntsc = FrameClock(rate: FrameRate(29.97))
  // 30,000 frames last exactly 1,001 seconds, the first time and the hundredth (27.8 hours).
  #expect(ntsc.time(ofFrame: 30_000) == .seconds(1001))
  #expect(ntsc.time(ofFrame: 3_000_000) == .seconds(100_100))
  #expect(ntsc.frame(at: .seconds(100_100)) == 3_000_000)
  let fast = FrameClock(rate: FrameRate(59.94))
  #expect(fast.time(ofFrame: 60_000 * 24) == .seconds(1001 * 24))
  #expect(FrameClock(rate: FrameRate(60)).time(ofFrame: 60 * 86_400) == .seconds(86_400))
}

@Test func framesBeforeTheEpochAreNegative() {
  let clock = FrameClock(rate: FrameRate(50), epoch: .seconds(10))
  #expect(clock.frame(at: .seconds(9)) == -50)
  #expect(clock.frame(at: .milliseconds(9999)) == -1)
  #expect(clock.time(ofFrame: 1) - clock.epoch == .milliseconds(20))
}

@Test(arguments: [
  (1280, 720, 320, 180), (1920, 1080, 320, 180), (3840, 2160, 320, 180), (1024, 768, 240, 180), (720, 1280, 101, 180),
  (4096, 2160, 320, 169), (320, 180, 320, 180), (64, 36, 64, 36), (16, 16, 16, 16), (8192, 16, 320, 1),
  (16, 8192, 1, 180), (321, 16, 320, 16),
])
func theReferenceSizeKeepsTheOutputsAspect(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int) {
  let size = FrameSize.reference(forOutput: FrameSize(width: width, height: height))
  #expect(size == FrameSize(width: expectedWidth, height: expectedHeight))
}
