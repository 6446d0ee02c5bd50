/// What a start finds of the crash recorder's segment.
package enum SegmentFinding: Sendable, Equatable {
  /// Not looked at yet.
  case pending
  /// There is none, or none is kept.
  case absent
  /// Its run ended in order.
  case ended
  /// Its run ended uncleanly.
  ///
  /// - attempts: earlier starts that resumed from it and ended uncleanly within the proving time.
  case crashed(attempts: Int)
  case unusable(SegmentProblem)
}

/// Why a segment is never resumed.
package enum SegmentProblem: String, Sendable, Equatable {
  /// Of another boot of the machine, or older than what is stored.
  case stale
  /// Of another show or another layout.
  case foreign
  case damaged
}

/// What a start does with the segment.
package enum SegmentVerdict: Sendable, Equatable {
  package enum Part: Sendable, Equatable {
    case everything
    /// Live values are left out.
    case durableChanges
    /// The tail is left out as well: the durable state of the keyframe.
    case keyframe
  }

  case nothing
  case resume(Part)
  case setAside(SegmentProblem)
}

/// What becomes of a segment when no crash-loop guard acts. A decision, no I/O.
///
/// | the segment                             | then                                                            |
/// |-----------------------------------------|-----------------------------------------------------------------|
/// | absent, or its run ended in order       | nothing: the program begins from what was stored                |
/// | stale, foreign or damaged               | set aside and reported                                          |
/// | of a run that crashed, never resumed    | resume everything                                               |
/// | resumed once, and that crashed          | leave out live values                                           |
/// | resumed twice, and both crashed         | leave out the tail                                              |
/// | resumed more often                      | nothing: the crash-loop guard acts from its limit on            |
package enum SegmentRule {
  package static func decide(_ finding: SegmentFinding) -> SegmentVerdict {
    switch finding {
    case .pending, .absent, .ended: .nothing
    case .unusable(let problem): .setAside(problem)
    case .crashed(0): .resume(.everything)
    case .crashed(1): .resume(.durableChanges)
    case .crashed(2): .resume(.keyframe)
    case .crashed: .nothing
    }
  }
}
