import DurableFiles
import GenerationStore
import HostClient
import PersistenceMessages
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Why a command did not do what it was asked; nothing was changed unless the message says so.
public struct ToolFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public var exit: ExitCode
  /// What failed, why, and what to do, in sentences.
  public var message: String

  public init(_ exit: ExitCode, _ message: String) {
    self.exit = exit
    self.message = message
  }

  public var description: String { message }
}

extension ToolFailure {
  /// The exit code follows from what the operator has to do next, not from which layer noticed.
  init(_ error: any Error) {
    switch error {
    case let error as ToolFailure: self = error
    case let error as StoreFailure: self.init(Self.exit(for: error.code), Self.words(for: error))
    case let error as GenerationUnreadable:
      self.init(Self.exit(for: error), error.cause.map { Self.words(for: $0) } ?? error.description)
    case let error as MarkFailure: self.init(Self.exit(for: error), error.description)
    case let error as FileFailure: self.init(Self.exit(forSystemError: error.code), error.description)
    case let error as FolderLockProblem:
      switch error {
      case .held: self.init(.busy, error.description)
      case .file(let failure): self.init(failure)
      }
    case let error as HostUnreachable:
      self.init(.hostUnreachable, "\(error). Look at the host's journal, or stop it and repeat the command.")
    case let error as JSONProblem: self.init(.corruptInput, error.description)
    case let error as StateProblem: self.init(.corruptInput, error.description)
    default: self.init(.bug, "\(error)")
    }
  }

  /// The store's remedies speak of what the host does by itself; the tool moves no damaged database.
  private static func words(for failure: StoreFailure) -> String {
    guard failure.code == .corrupt else { return failure.description }
    return "\(failure.message). Copy the files elsewhere, then: afterimage salvage DATABASE --to DIR"
  }

  private static func exit(for code: StoreFailure.Code) -> ExitCode {
    switch code {
    case .busy: .busy
    case .full, .io, .moved, .unexpected: .io
    case .readOnly, .cannotOpen: .permission
    case .corrupt, .encoding: .corruptInput
    case .newerSchema: .config
    case .invariant: .bug
    }
  }

  private static func exit(for unreadable: GenerationUnreadable) -> ExitCode {
    switch unreadable.code {
    case .unknown: .noInput
    case .damaged: .found
    case .failed: unreadable.cause.map { exit(for: $0.code) } ?? .io
    }
  }

  private static func exit(for failure: MarkFailure) -> ExitCode {
    switch failure {
    case .unknownGeneration: .noInput
    case .badLabel, .labelTaken, .tooManyPins: .usage
    case .store(let failure): exit(for: failure.code)
    }
  }

  private static func exit(forSystemError code: Int32) -> ExitCode {
    switch code {
    case ENOENT, ENOTDIR: .noInput
    case EEXIST: .outputExists
    case EACCES, EPERM, EROFS: .permission
    case EAGAIN, EBUSY: .busy
    default: .io
    }
  }
}

/// Turns whatever the layers below throw into what the operator reads.
func explained<Value>(_ body: () throws -> Value) throws(ToolFailure) -> Value {
  do { return try body() } catch { throw ToolFailure(error) }
}
