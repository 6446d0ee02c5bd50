import Concurrency
import Testing

@Test func anAlarmThatRangBeforehandIsNotSleptOn() {
  let alarm = ThreadAlarm()
  alarm.ring()
  alarm.ring()
  #expect(alarm.sleep(atMost: .seconds(3600)))
  // Rings that are pending count once.
  #expect(!alarm.sleep(atMost: .zero))
}

@Test(arguments: [Duration.seconds(Int64.max), .seconds(-1), .zero])
func anyTimeoutCanBeAskedFor(_ timeout: Duration) {
  let alarm = ThreadAlarm()
  alarm.ring()
  #expect(alarm.sleep(atMost: timeout))
}

@Test func anAlarmThatDoesNotRingTimesOutByTheMonotonicClock() {
  let start = MonotonicClock.now()
  #expect(!ThreadAlarm().sleep(atMost: .milliseconds(3)))
  #expect(MonotonicClock.now() - start >= .milliseconds(3))
}
