import StudioState
import Testing

@testable import VideoOutput

private typealias Playback = ScheduledPlayback<Int>
private let frame = Duration.milliseconds(40)
private let tick = Duration.nanoseconds(1)
private let begin = Duration.seconds(500)

/// A playback at 25 frames a second with these frames, each at its own time, scheduled before the start.
private func playback(_ frames: [Int]) -> Playback {
  var playback = Playback(rate: FrameRate(25))
  for number in frames { playback.schedule(number, displayTime: frame * number) }
  return playback
}

private func results(_ completions: [Playback.Completion]) -> [String] {
  completions.map { "\($0.frame) \($0.result.rawValue)" }
}

@Test func nothingIsShownBeforeTheStart() {
  var playback = playback([0, 1, 2])
  #expect(playback.advance(to: begin + .seconds(60)).isEmpty)
  #expect(playback.queuedFrames == 3)
  #expect(playback.nextCompletion == nil)
  #expect(results(playback.start(at: begin + .seconds(60))) == ["0 completed"])
}

@Test func aFrameIsShownAtItsTimeAndNotBefore() {
  var playback = playback([0, 1])
  _ = playback.start(at: begin)
  #expect(playback.nextCompletion == begin + frame)
  #expect(playback.advance(to: begin + frame - tick).isEmpty)
  #expect(results(playback.advance(to: begin + frame)) == ["1 completed"])
  #expect(playback.nextCompletion == nil)
}

@Test func manyRefreshesAtOnceShowEachFrameAtItsOwn() {
  var playback = playback([0, 1, 2])
  #expect(results(playback.start(at: begin)) == ["0 completed"])
  #expect(results(playback.advance(to: begin + frame * 1000)) == ["1 completed", "2 completed"])
}

@Test(arguments: [
  // Available just before its refresh, at it, and just after it.
  (Duration.milliseconds(40) - .nanoseconds(1), "1 completed"), (.milliseconds(40), "1 displayedLate"),
  (.milliseconds(40) + .nanoseconds(1), "1 displayedLate"),
])
func aFrameThatBecomesAvailableAfterItsTimeIsDisplayedLate(available: Duration, result: String) {
  var playback = playback([0])
  _ = playback.start(at: begin)
  _ = playback.advance(to: begin + available)
  playback.schedule(1, displayTime: frame)
  #expect(results(playback.advance(to: begin + frame * 2)) == [result])
}

@Test func aLateFrameThatIsSupersededIsDropped() {
  var playback = playback([0])
  _ = playback.start(at: begin)
  _ = playback.advance(to: begin + frame + tick)
  playback.schedule(1, displayTime: frame)
  playback.schedule(2, displayTime: frame * 2)
  #expect(playback.advance(to: begin + frame * 2 - tick).isEmpty)
  #expect(results(playback.advance(to: begin + frame * 2)) == ["1 dropped", "2 completed"])
}

@Test func stoppingFlushesWhatWasNotShown() {
  var playback = playback([0, 1, 2, 3])
  _ = playback.start(at: begin)
  #expect(results(playback.stop(at: begin + frame)) == ["1 completed", "2 flushed", "3 flushed"])
  #expect(!playback.isRunning)
  #expect(playback.queuedFrames == 0)
}

@Test func stoppingBeforeTheStartFlushesThePreroll() {
  var playback = playback([0, 1, 2])
  #expect(results(playback.stop(at: begin)) == ["0 flushed", "1 flushed", "2 flushed"])
}

@Test func framesAreShownInTheOrderOfTheirTimes() {
  var playback = playback([2, 0, 1])
  #expect(results(playback.start(at: begin)) == ["0 completed"])
  #expect(results(playback.advance(to: begin + frame * 2)) == ["1 completed", "2 completed"])
}

@Test func aFullQueueTakesNoMore() {
  var playback = playback(Array(0..<Playback.capacity))
  let wasTaken = playback.schedule(99, displayTime: .zero)
  #expect(!wasTaken)
  #expect(playback.queuedFrames == Playback.capacity)
}

@Test func prerollComesBeforeTheStart() {
  var schedule = PlayoutSchedule(rate: FrameRate(25))
  for number in 0..<3 {
    let step = schedule.next(framesInFlight: number, streamTime: nil)
    #expect(step == .render(number: Int64(number), skipped: 0))
  }
  #expect(schedule.next(framesInFlight: 3, streamTime: nil) == .start)
}

@Test func oneFrameIsScheduledForEachThatIsDone() {
  var schedule = PlayoutSchedule(rate: FrameRate(25))
  for number in 0..<3 { _ = schedule.next(framesInFlight: number, streamTime: nil) }
  #expect(schedule.next(framesInFlight: 3, streamTime: .zero) == .wait)
  #expect(schedule.next(framesInFlight: 2, streamTime: .zero) == .render(number: 3, skipped: 0))
  #expect(schedule.next(framesInFlight: 3, streamTime: .zero) == .wait)
}

@Test(arguments: [
  // The next frame is number 3, at 120 ms; a frame whose time is now can't be on time any more.
  (Duration.milliseconds(120) - .nanoseconds(1), Int64(3), Int64(0)), (.milliseconds(120), 4, 1),
  (.milliseconds(400), 11, 8),
])
func framesWhoseTimeHasPassedAreSkipped(streamTime: Duration, number: Int64, skipped: Int64) {
  var schedule = PlayoutSchedule(rate: FrameRate(25))
  for number in 0..<3 { _ = schedule.next(framesInFlight: number, streamTime: nil) }
  #expect(schedule.next(framesInFlight: 0, streamTime: streamTime) == .render(number: number, skipped: skipped))
}
