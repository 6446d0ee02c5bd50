/// One part of a stored state, and the unit that generations share on disk: a small change stores the documents that
/// changed and refers to the others.
public struct Document: Sendable, Equatable {
  /// The largest body that is written or read, in bytes: enough for 4,096 texts of 4 KB each.
  public static let maximumBytes = 16 << 20

  /// Most documents of one state. A manifest that names more is damaged. The studio's largest show has 4,099.
  public static let maximumCount = 65_536

  /// The kind of a document, such as `layer`: 1 to 200 bytes. The program that owns the state chooses its kinds.
  public struct Kind: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }
  }

  /// Identifies one part of the state; unique within a generation.
  public struct Key: Sendable, Hashable, CustomStringConvertible {
    public var kind: Kind
    /// Distinguishes documents of one kind; empty if there is only one.
    public var name: String

    public init(_ kind: Kind, _ name: String = "") {
      self.kind = kind
      self.name = name
    }

    /// The spelling in reports: `layer bars`, `config`.
    public var description: String { name.isEmpty ? kind.rawValue : "\(kind.rawValue) \(name)" }
  }

  public var key: Key
  /// JSON text. Equal content must always have equal bytes (``CanonicalJSON``); otherwise each store writes it again.
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

/// The documents to write and to remove that turn one state into a later one.
public struct DocumentChanges: Sendable, Equatable {
  public var written: [Document]
  public var removed: [Document.Key]

  public init(written: [Document] = [], removed: [Document.Key] = []) {
    self.written = written
    self.removed = removed
  }
}

/// A part of a state that could not be stored, although the rest was.
public struct HeldBack: Sendable, Equatable {
  /// The path in the state's JSON, such as `layers.plasma.parameters.mix`.
  public var path: String
  public var problem: String

  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }
}
