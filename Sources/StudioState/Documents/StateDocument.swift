/// One part of a stored state: the unit that generations share on disk.
public struct StateDocument: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// One layer; the name is its id.
    case layer
    /// The layers' order: a JSON array of ids, bottom to top. The name is empty, as for the two below.
    case stack
    case config
    /// The headers of all packages that a layer of the state uses.
    case packages
  }

  /// What a document is about; unique within a generation.
  public struct Key: Sendable, Hashable {
    public var kind: Kind
    public var name: String

    public init(_ kind: Kind, _ name: String = "") {
      self.kind = kind
      self.name = name
    }
  }

  public var key: Key
  /// Canonical JSON.
  public var body: [UInt8]

  public init(_ key: Key, body: [UInt8]) {
    self.key = key
    self.body = body
  }
}

extension StudioState {
  /// Every document of this state: stack, config, packages, then the layers bottom to top.
  public var documents: [StateDocument] {
    [stackDocument, configDocument, packagesDocument] + layers.map(\.document)
  }

  /// What has to be written to come from `earlier` to this state, and what is gone. The cost follows the change and
  /// not the size of the state; a document may be listed although its bytes are the same as before.
  public func documentsChanged(since earlier: StudioState) -> (written: [StateDocument], removed: [StateDocument.Key]) {
    let changed = layers.layersChanged(since: earlier.layers)
    var written = changed.map(\.document)
    var removed: [StateDocument.Key] = []
    let hasSameOrder = layers.hasSameOrder(as: earlier.layers)
    if !hasSameOrder {
      written.append(stackDocument)
      removed = earlier.layers.filter { layers[$0.id] == nil }.map { StateDocument.Key(.layer, $0.id.rawValue) }
    }
    if config != earlier.config { written.append(configDocument) }
    // The packages in use change with the order, with the catalog, and when a layer is put back that had another one.
    let usesOthers = changed.contains { earlier.layers[$0.id]?.package != $0.package }
    if !hasSameOrder || usesOthers || packages !== earlier.packages { written.append(packagesDocument) }
    return (written, removed)
  }

  private var stackDocument: StateDocument {
    StateDocument(.init(.stack), body: CanonicalJSON.encode(.array(layers.map { .string($0.id.rawValue) })))
  }

  private var configDocument: StateDocument {
    StateDocument(.init(.config), body: CanonicalJSON.encode(config.json))
  }

  /// The packages that a layer of this state uses: only these are stored, so that a folder of 500 shaders costs nothing.
  private var usedPackages: PackageCatalog {
    let used = Set(layers.map(\.package))
    return PackageCatalog(packages.packages.filter { used.contains($0.id) })
  }

  var packagesDocument: StateDocument {
    StateDocument(.init(.packages), body: CanonicalJSON.encode(usedPackages.storedJSON))
  }
}

extension Layer {
  var document: StateDocument {
    StateDocument(.init(.layer, id.rawValue), body: canonicalJSON)
  }
}
