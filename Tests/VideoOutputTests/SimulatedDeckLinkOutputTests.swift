import RenderSnapshots
import StudioState
import Testing

@testable import VideoOutput

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Looks again and again, for 10 seconds at most, and gives way to other threads in between.
private func eventually(_ condition: () -> Bool) -> Bool {
  let clock = MonotonicPacing()
  let deadline = clock.now + .seconds(10)
  while !condition() {
    guard clock.now < deadline else { return false }
    sched_yield()
  }
  return true
}

@Test func theOutputRendersShowsAndStops() throws {
  let publisher = RenderSnapshotPublisher(readers: 1)
  let output = SimulatedDeckLinkOutput(snapshots: publisher.reader(0), pacing: ManualPacing())
  #expect(output.currentFrame() == nil)
  publisher.publish(snapshot([try solid("a", 10, 20, 30)], number: 7))
  try output.start()
  try output.start()
  #expect(eventually { output.counters.completed >= 5 })
  #expect(output.stop())
  #expect(output.stop())
  let counters = output.counters
  #expect(counters.newestSnapshot == 7)
  #expect(counters.renderedFrames == counters.completed + counters.flushed)
  let frame = try #require(output.currentFrame())
  #expect(frame.snapshotNumber == 7)
  #expect(frame.pixels[0] == Pixel(red: 10, green: 20, blue: 30))
  #expect(output.previewPNG() == PNGEncoder.encode(frame))
}

@Test func anOutputThatNeverRanStopsAtOnceAndStaysStopped() throws {
  let publisher = RenderSnapshotPublisher(readers: 1)
  let output = SimulatedDeckLinkOutput(snapshots: publisher.reader(0), pacing: ManualPacing())
  publisher.publish(snapshot([]))
  #expect(output.stop())
  try output.start()
  #expect(output.counters == VideoCounters())
  #expect(output.stop())
}

@Test func thePreviewIsBlackBeforeTheFirstFrame() {
  let output = SimulatedDeckLinkOutput(snapshots: RenderSnapshotPublisher(readers: 1).reader(0))
  #expect(output.previewPNG() == PNGEncoder.encode(.black(FrameSize(width: 320, height: 180))))
}

@Test func sleepingUntilThePastReturnsAtOnce() {
  let pacing = MonotonicPacing()
  pacing.sleep(until: .zero)
  let deadline = pacing.now + .microseconds(50)
  pacing.sleep(until: deadline)
  #expect(pacing.now >= deadline)
}
