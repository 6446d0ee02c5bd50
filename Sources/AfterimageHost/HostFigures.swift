import ControlIngress
import HealthReporting
import VideoOutput

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The counters of output and ingress in health's words.

extension VideoFigures {
  init(_ counters: VideoCounters) {
    self.init(
      completed: counters.completed, displayedLate: counters.displayedLate, dropped: counters.dropped,
      flushed: counters.flushed, rendered: counters.renderedFrames, worstRenderTime: counters.worstRenderTime)
  }
}

extension OSCFigures {
  init(_ figures: OSCCounters.Figures) {
    self.init(
      packets: figures.packets, messages: figures.messages, badPackets: figures.badPackets,
      unmatched: figures.unmatched, refused: figures.refused, tooEarly: figures.tooEarly)
  }
}

enum ProcessID {
  static var current: Int32 { getpid() }
}
