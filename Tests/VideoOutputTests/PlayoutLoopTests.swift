import Concurrency
import RenderSnapshots
import StudioState
import Synchronization
import Testing

@testable import VideoOutput

/// A loop with everything around it made by hand: time, snapshots and how long rendering takes.
private final class Stage: Sendable {
  let pacing = ManualPacing()
  let counters = VideoCounterCells()
  let shown = LatestValueMailbox<VideoFrame>()
  let publisher = RenderSnapshotPublisher(readers: 1)
  /// What was rendered: frame number and show time.
  let rendered = Mutex<[(frame: Int64, time: Duration)]>([])
  /// Frame numbers whose rendering takes time.
  let costs: [Int64: Duration]

  init(costs: [Int64: Duration] = [:]) {
    self.costs = costs
  }

  func loop() -> PlayoutLoop {
    PlayoutLoop(snapshots: publisher.reader(0), pacing: pacing, counters: counters, shown: shown) {
      [self] snapshot, number, time in
      rendered.withLock { $0.append((number, time)) }
      if let cost = costs[number] { pacing.advance(by: cost) }
      let size = FrameSize(width: 1, height: 1)
      return VideoFrame(number: number, snapshotNumber: snapshot.number, size: size, pixels: [.black])
    }
  }

  func publish(_ number: UInt64, frameRate: Double = 50, width: Int = 64) {
    let config = RuntimeConfig(frameRate: frameRate, outputWidth: width, outputHeight: 36)
    publisher.publish(snapshot([], number: number, config: config))
  }

  /// Lets the loop run until it has nothing to do before `end`.
  func run(_ loop: inout PlayoutLoop, for duration: Duration) {
    let end = pacing.now + duration
    while pacing.now < end {
      if let wake = loop.step() { pacing.sleep(until: min(wake, end)) }
    }
  }

  var counts: VideoCounters { counters.counters() }
}

@Test func withoutASnapshotNothingIsRendered() {
  let stage = Stage()
  var loop = stage.loop()
  #expect(loop.step() == stage.pacing.now + .milliseconds(10))
  #expect(stage.counts == VideoCounters())
}

@Test func threeFramesAreRenderedBeforeTheFirstIsShown() {
  let stage = Stage()
  var loop = stage.loop()
  var screen = LatestValueReader(stage.shown)
  stage.publish(1)
  for _ in 0..<3 { #expect(loop.step() == nil) }
  #expect(stage.counts.renderedFrames == 3)
  #expect(screen.newest() == nil)
  #expect(loop.step() == nil)
  #expect(screen.newest()?.number == 0)
  #expect(stage.counts.completed == 1)
}

@Test func aSteadyOutputShowsEveryFrameAtItsTime() {
  let stage = Stage()
  var loop = stage.loop()
  stage.publish(1, frameRate: 59.94)
  let minutes = Duration.seconds(1001)
  stage.run(&loop, for: minutes)
  // 60,000 frames in 1,001 seconds, the last of them just before the end.
  #expect(stage.counts.completed == 60_000)
  #expect(stage.counts.renderedFrames == 60_000 + 3)
  #expect(stage.counts.displayedLate == 0)
  #expect(stage.counts.dropped == 0)
}

@Test func aRenderingOfAlmostThePrerollDoesNotHurtThePicture() {
  // Frame 20 is begun when frame 17 is shown, 60 ms before its time.
  let stage = Stage(costs: [20: .milliseconds(59)])
  var loop = stage.loop()
  stage.publish(1)
  stage.run(&loop, for: .seconds(2))
  #expect(stage.counts.displayedLate == 0)
  #expect(stage.counts.dropped == 0)
  #expect(stage.counts.worstRenderTime == .milliseconds(59))
}

@Test func aRenderingLongerThanThePrerollIsSeen() {
  let stage = Stage(costs: [20: .milliseconds(60), 21: .milliseconds(25)])
  var loop = stage.loop()
  stage.publish(1)
  stage.run(&loop, for: .seconds(2))
  #expect(stage.counts.displayedLate == 1)
}

@Test func aStallOfTheThreadIsCountedAsDroppedFrames() {
  let stage = Stage()
  var loop = stage.loop()
  stage.publish(1)
  stage.run(&loop, for: .seconds(1))
  let before = stage.counts
  stage.pacing.advance(by: .seconds(1))
  stage.run(&loop, for: .seconds(1))
  // Of the 50 frames of that second some were scheduled already; the next ones are on time again.
  #expect((47...48).contains(stage.counts.dropped))
  #expect(stage.counts.displayedLate == 0)
  #expect((50...53).contains(stage.counts.completed - before.completed))
}

@Test func everyFrameNumberGetsExactlyOneResult() {
  var seed: UInt64 = 42
  func random(_ bound: UInt64) -> UInt64 {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (seed >> 33) % bound
  }
  var costs: [Int64: Duration] = [:]
  for number in 0..<Int64(2000) where random(8) == 0 { costs[number] = .milliseconds(random(150)) }
  let stage = Stage(costs: costs)
  var loop = stage.loop()
  for number in 1...20 as ClosedRange<UInt64> {
    stage.publish(number, frameRate: [24, 29.97, 50, 60][Int(random(4))])
    stage.run(&loop, for: .milliseconds(200 + random(900)))
    stage.pacing.advance(by: .milliseconds(random(120)))
  }
  loop.stop()
  let counts = stage.counts
  let numbers = stage.rendered.withLock { $0.map(\.frame) }
  #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
  let results = counts.completed + counts.displayedLate + counts.dropped + counts.flushed
  #expect(results == numbers.last.map { UInt64($0 + 1) })
  // The table would prove little if nothing ever went wrong.
  #expect(counts.displayedLate > 0 && counts.dropped > 0 && counts.flushed > 0)
}

@Test func aNewFrameRateFlushesAndStartsAnew() {
  let stage = Stage()
  var loop = stage.loop()
  stage.publish(1, frameRate: 50)
  stage.run(&loop, for: .seconds(1))
  #expect(stage.counts.flushed == 0)
  let before = stage.counts.completed
  stage.publish(2, frameRate: 25)
  stage.run(&loop, for: .seconds(1))
  #expect((2...3).contains(stage.counts.flushed))
  #expect((25...26).contains(stage.counts.completed - before))
  #expect(stage.counts.dropped == 0)
}

@Test func theShowsTimeGoesOnThroughANewMode() {
  let stage = Stage()
  var loop = stage.loop()
  stage.publish(1, width: 64)
  stage.run(&loop, for: .seconds(1))
  stage.publish(2, width: 128)
  let change = stage.rendered.withLock { $0.count }
  stage.run(&loop, for: .seconds(1))
  let first = stage.rendered.withLock { $0[change] }
  #expect(first.time == .seconds(1))
  #expect(stage.rendered.withLock { $0[change - 1].frame } + 1 == first.frame)
}

@Test func theNewestSnapshotIsRendered() {
  let stage = Stage()
  var loop = stage.loop()
  var screen = LatestValueReader(stage.shown)
  stage.publish(1)
  stage.publish(2)
  stage.run(&loop, for: .milliseconds(200))
  #expect(screen.newest()?.snapshotNumber == 2)
  stage.publish(3)
  // Three frames of pre-roll lie between a snapshot and the screen.
  stage.run(&loop, for: .milliseconds(80))
  #expect(screen.newest()?.snapshotNumber == 3)
  #expect(stage.counts.newestSnapshot == 3)
}

@Test func stoppingCountsWhatIsScheduledAsFlushed() {
  let stage = Stage()
  var loop = stage.loop()
  stage.publish(1)
  stage.run(&loop, for: .milliseconds(210))
  loop.stop()
  #expect(stage.counts.flushed == 3)
  loop.stop()
  #expect(stage.counts.flushed == 3)
}
