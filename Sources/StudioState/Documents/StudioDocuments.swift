public import Documents

// The documents of a show: one for each layer (named by its id), and one each for the layers' order, the config and the
// packages in use, all of them canonical JSON.
extension Document.Kind {
  /// One layer; the name is its id.
  public static let layer: Self = "layer"
  /// The layers' order: a JSON array of ids, bottom to top. The name is empty, as for the two below.
  public static let stack: Self = "stack"
  public static let config: Self = "config"
  /// The headers of all packages that a layer of the state uses.
  public static let packages: Self = "packages"
}

extension StudioState: DurableState {
  /// The number of layers.
  public var itemCount: Int { layers.count }

  /// Documents of layers are independent of each other. If there were layers and none can be read, nothing usable is
  /// left: the state would render nothing.
  public static func restoring(from documents: [Document], over initial: StudioState) -> RestoredState<StudioState> {
    let reading = reading(documents)
    let hadNoLayers = documents.contains { $0.key.kind == .stack && $0.body.elementsEqual("[]".utf8) }
    let isOfUse = hadNoLayers || !reading.state.layers.isEmpty
    return RestoredState(state: isOfUse ? reading.state : nil, problems: reading.problems)
  }
}

extension StudioState {
  /// Every document of this state: stack, config, packages, then the layers bottom to top.
  public var documents: [Document] {
    [stackDocument, configDocument, packagesDocument] + layers.map(\.document)
  }

  /// The documents to write and to remove that turn `earlier` into this state. Takes time proportional to the change,
  /// not to the size of the state. A document may be listed although its bytes are unchanged.
  public func documentsChanged(since earlier: StudioState) -> DocumentChanges {
    let changed = layers.layersChanged(since: earlier.layers)
    var written = changed.map(\.document)
    var removed: [Document.Key] = []
    let hasSameOrder = layers.hasSameOrder(as: earlier.layers)
    if !hasSameOrder {
      written.append(stackDocument)
      removed = earlier.layers.filter { layers[$0.id] == nil }.map { Document.Key(.layer, $0.id.rawValue) }
    }
    if config != earlier.config { written.append(configDocument) }
    // The packages in use change with the order, with the catalog, and when a layer is replaced by one with another
    // package.
    let usesOthers = changed.contains { earlier.layers[$0.id]?.package != $0.package }
    if !hasSameOrder || usesOthers || packages !== earlier.packages { written.append(packagesDocument) }
    return DocumentChanges(written: written, removed: removed)
  }

  private var stackDocument: Document {
    Document(.init(.stack), body: CanonicalJSON.encode(.array(layers.map { .string($0.id.rawValue) })))
  }

  private var configDocument: Document {
    Document(.init(.config), body: CanonicalJSON.encode(config.json))
  }

  /// The packages that a layer of this state uses. Only these are stored, so that a folder of 500 shaders costs
  /// nothing.
  private var usedPackages: PackageCatalog {
    let used = Set(layers.map(\.package))
    return PackageCatalog(packages.packages.filter { used.contains($0.id) })
  }

  var packagesDocument: Document {
    Document(.init(.packages), body: CanonicalJSON.encode(usedPackages.storedJSON))
  }
}

extension Layer {
  var document: Document {
    Document(.init(.layer, id.rawValue), body: canonicalJSON)
  }
}
