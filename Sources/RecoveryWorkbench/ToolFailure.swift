public import Documents
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
  /// What failed, and why, in sentences.
  public var cause: String
  /// What to do, in sentences; empty where ``cause`` says it.
  public var remedy: String

  public init(_ exit: ExitCode, _ cause: String, remedy: String = "") {
    self.exit = exit
    self.cause = cause
    self.remedy = remedy
  }

  /// Cause and remedy.
  public var message: String { remedy.isEmpty ? cause : "\(cause) \(remedy)" }
  public var description: String { message }

  /// `{"error":{"code","exit","message","remedy"}}`, as `--output json` prints it in the place of an answer. The code is
  /// the name of the exit code.
  public var json: JSONValue {
    [
      "error": [
        "code": .string("\(exit)"), "exit": .int(Int64(exit.rawValue)), "message": .string(cause),
        "remedy": remedy.isEmpty ? .null : .string(remedy),
      ]
    ]
  }
}

extension ToolFailure {
  /// The exit code follows from what the operator has to do next, not from which layer noticed.
  init(_ error: any Error) {
    switch error {
    case let error as ToolFailure: self = error
    case let error as StoreFailure:
      self.init(Self.exit(for: error.code), "\(error.message).", remedy: Self.remedy(for: error))
    case let error as GenerationReadFailure:
      self.init(Self.exit(for: error), error.description)
      if let cause = error.cause { (self.cause, remedy) = ("\(cause.message).", Self.remedy(for: cause)) }
    case let error as GenerationLookupFailure:
      switch error {
      case .unknown(let name, let database):
        self.init(
          .noInput, "There is no generation \"\(name)\" in \(database).", remedy: "See: afterimage list")
      case .unreadable(let failure): self.init(failure)
      case .store(let failure): self.init(failure)
      }
    case let error as MarkFailure: self.init(Self.exit(for: error), error.description)
    case let error as FileFailure:
      self.init(Self.exit(forSystemError: error.code), "\(error.message).", remedy: error.remedy)
    case let error as FolderLockFailure:
      switch error {
      case .held: self.init(.busy, error.description)
      case .file(let failure): self.init(failure)
      }
    case let error as HostRequestFailure:
      self.init(
        .hostUnreachable, "\(error).",
        remedy: "Look at the host's journal. Do not stop the host: what it has not stored is in its memory only.")
    case let error as JSONRejection: self.init(.corruptInput, error.description)
    case let error as StateRejection: self.init(.corruptInput, error.description)
    default: self.init(.bug, "\(error)")
    }
  }

  /// The store's remedies speak of what the host does by itself; the tool moves no damaged database.
  private static func remedy(for failure: StoreFailure) -> String {
    guard failure.code == .corrupt, !failure.isLogMissing else { return failure.remedy }
    return "Copy the files elsewhere, then: afterimage salvage DATABASE --to DIR"
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

  private static func exit(for unreadable: GenerationReadFailure) -> ExitCode {
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
