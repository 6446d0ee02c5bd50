public import PersistenceMessages

/// Why a generation could not be loaded.
public struct GenerationReadFailure: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// There is no such generation.
    case unknown
    /// Documents of it are damaged: see ``GenerationReadFailure/damaged``.
    case damaged
    /// The database could not be read: see ``GenerationReadFailure/cause``.
    case failed
  }

  public var code: Code
  public var generation: Int64
  public var damaged: [DamagedDocument] = []
  public var cause: StoreFailure?

  package init(code: Code, generation: Int64, damaged: [DamagedDocument] = [], cause: StoreFailure? = nil) {
    self.code = code
    self.generation = generation
    self.damaged = damaged
    self.cause = cause
  }

  public var description: String {
    switch code {
    case .unknown: "There is no generation \(generation)."
    case .damaged:
      "Generation \(generation) is damaged: " + damaged.map { "\($0.document): \($0.problem)" }.joined(separator: "; ")
    case .failed: cause?.description ?? "Generation \(generation) can't be read."
    }
  }
}
