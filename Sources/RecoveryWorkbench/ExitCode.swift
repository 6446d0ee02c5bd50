/// How the tool ended, for scripts: the numbers of sysexits.h, and 1 as diff and grep use it.
public enum ExitCode: Int32, Sendable, CaseIterable {
  case fine = 0
  /// Damage or a difference was found, or the host is unhealthy.
  case found = 1
  case usage = 64
  /// What was given can't be read: a damaged database, an import that breaks a rule.
  case corruptInput = 65
  /// No such file or generation.
  case noInput = 66
  case hostUnreachable = 69
  /// A bug of Afterimage.
  case bug = 70
  /// The file that was to be written exists.
  case outputExists = 73
  case io = 74
  /// Somebody else holds it: try again.
  case busy = 75
  case permission = 77
  case config = 78
}
