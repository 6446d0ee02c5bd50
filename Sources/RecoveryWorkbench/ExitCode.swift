/// The tool's exit codes: those of sysexits.h, and 1 as in diff and grep.
public enum ExitCode: Int32, Sendable, CaseIterable {
  case fine = 0
  /// Damage or a difference was found, or the host is unhealthy.
  case found = 1
  case usage = 64
  /// The input can't be read: a damaged database, an invalid import.
  case corruptInput = 65
  /// No such file or generation.
  case noInput = 66
  case hostUnreachable = 69
  /// A bug of Afterimage.
  case bug = 70
  /// The file that was to be written exists.
  case outputExists = 73
  case io = 74
  /// Another program holds the folder or database: try again.
  case busy = 75
  case permission = 77
  case config = 78
}
