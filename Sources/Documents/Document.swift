/// One part of a stored state, and the unit that generations share on disk: a small change stores the documents that
/// changed and refers to the others.
public struct Document: Sendable, Equatable {
  /// The largest body that is written or read, in bytes: 4,096 texts of 4 KB each.
  public static let maximumBytes = 16 << 20

  /// Documents of one state at most: a manifest that names more is damaged. The studio's largest show has 4,099.
  public static let maximumCount = 65_536

  /// What sort of document it is, such as `layer`: 1 to 200 bytes. The program that owns the state chooses its kinds.
  public struct Kind: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }
  }

  /// Which part of the state it is; unique within a generation.
  public struct Key: Sendable, Hashable, CustomStringConvertible {
    public var kind: Kind
    /// Tells documents of one kind apart; empty where there is only one.
    public var name: String

    public init(_ kind: Kind, _ name: String = "") {
      self.kind = kind
      self.name = name
    }

    /// As in reports: `layer bars`, `config`.
    public var description: String { name.isEmpty ? kind.rawValue : "\(kind.rawValue) \(name)" }
  }

  public var key: Key
  /// JSON text. Equal content must always give equal bytes (``CanonicalJSON``), or each store writes it again.
  public var body: [UInt8]

  public init(_ key: Key, body: [UInt8]) {
    self.key = key
    self.body = body
  }
}

/// A document that could not be used when a state was restored, and why.
public struct DocumentRejection: Error, Sendable, Equatable, CustomStringConvertible {
  public var key: Document.Key
  public var detail: String

  public init(_ key: Document.Key, _ detail: String) {
    self.key = key
    self.detail = detail
  }

  public var description: String { "\(key): \(detail)" }
}

/// What has to be written, and what is gone, to come from one state to a later one.
public struct DocumentChanges: Sendable, Equatable {
  public var written: [Document]
  public var removed: [Document.Key]

  public init(written: [Document] = [], removed: [Document.Key] = []) {
    self.written = written
    self.removed = removed
  }
}

/// A place of a state that could not be stored, while everything around it was.
public struct HeldBack: Sendable, Equatable {
  /// In the state's JSON, such as `layers.plasma.parameters.mix`.
  public var path: String
  public var problem: String

  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }
}
