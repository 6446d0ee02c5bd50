public import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The reason why a session could not open, with object, cause and remedy in one message. Damage is never a reason.
public struct SessionFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// Another process holds the folder.
    case busy
    /// This user has no permission to use the folder.
    case permission
    /// The folder can't be used for another reason.
    case unusable
  }

  public var code: Code
  public var description: String

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  public init(_ failure: FileFailure) {
    let isPermission = [EACCES, EPERM, EROFS].contains(failure.code)
    self.init(isPermission ? .permission : .unusable, failure.description)
  }

  public init(_ problem: FolderLockFailure) {
    switch problem {
    case .held: self.init(.busy, problem.description)
    case .file(let failure): self.init(failure)
    }
  }
}
