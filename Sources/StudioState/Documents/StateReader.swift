public import Documents

// Reads states from JSON: from the documents of a generation, and from the single text of presets, exports and imports.

/// The result of reading a set of documents: the readable part of the state, and the problems.
package struct StateReading: Sendable {
  package var state: StudioState
  /// One entry per document that could not be used; empty if the state is complete.
  package var problems: [DocumentRejection]
}

extension StudioState {
  private static let documentLimits = JSONParser.Limits(bytes: Document.maximumBytes)

  /// Builds a state from the documents of one generation. A missing or unreadable document loses its own content only.
  /// Values are kept as stored; ``reconciled(with:)`` adjusts them to the current packages.
  package static func reading(_ documents: [Document]) -> StateReading {
    var reading = StateReading(state: StudioState(), problems: [])
    var layers: [LayerID: Layer] = [:]
    var order: [LayerID]?
    var hasConfig = false
    var hasPackages = false
    var keys: Set<Document.Key> = []
    for document in documents {
      do throws(DocumentRejection) {
        guard keys.insert(document.key).inserted else {
          throw DocumentRejection(document.key, "it stands here twice; the first one counts")
        }
        let json = try json(of: document)
        switch document.key.kind {
        case .layer:
          let layer = try layer(json, of: document)
          layers[layer.id] = layer
        case .stack where document.key.name.isEmpty: order = try Self.order(json, of: document)
        case .config where document.key.name.isEmpty:
          reading.state.config = try config(json, of: document)
          hasConfig = true
        case .packages where document.key.name.isEmpty:
          guard json.objectValue != nil else {
            throw DocumentRejection(document.key, "packages are an object, not \(json.kindName)")
          }
          reading.state.packages = PackageCatalog(storedJSON: json)
          hasPackages = true
        default: throw DocumentRejection(document.key, "a show has no such document")
        }
      } catch {
        reading.problems.append(error)
      }
    }
    // Without an order document the layers are still useful; ordering them by id is at least deterministic.
    let fallback = layers.keys.sorted { CanonicalJSON.precedes($0.rawValue, $1.rawValue) }
    for id in order ?? fallback {
      if let layer = layers.removeValue(forKey: id) {
        reading.state.layers.insert(layer, at: reading.state.layers.count)
      } else {
        reading.noteMissing(.init(.layer, id.rawValue))
      }
    }
    for id in layers.keys.sorted(by: { CanonicalJSON.precedes($0.rawValue, $1.rawValue) }) {
      reading.problems.append(.init(.init(.layer, id.rawValue), "the stack does not name it"))
    }
    if order == nil { reading.noteMissing(.init(.stack)) }
    if !hasConfig { reading.noteMissing(.init(.config)) }
    if !hasPackages { reading.noteMissing(.init(.packages)) }
    return reading
  }

  private static func json(of document: Document) throws(DocumentRejection) -> JSONValue {
    do {
      return try JSONParser.parse(document.body, limits: documentLimits)
    } catch {
      throw DocumentRejection(document.key, error.description)
    }
  }

  private static func order(_ json: JSONValue, of document: Document) throws(DocumentRejection) -> [LayerID] {
    let elements = json.arrayValue ?? []
    let ids = elements.compactMap { $0.stringValue.flatMap(LayerID.init) }
    guard json.arrayValue != nil, ids.count == elements.count else {
      throw DocumentRejection(document.key, "it is no list of layers' ids")
    }
    guard ids.count <= LayerStack.maximumCount else {
      throw DocumentRejection(document.key, "\(ids.count) layers, at most \(LayerStack.maximumCount)")
    }
    return ids
  }

  private static func layer(_ json: JSONValue, of document: Document) throws(DocumentRejection) -> Layer {
    do {
      let layer = try Layer(json: json, at: document.key.name, package: { _ in nil })
      guard layer.id.rawValue == document.key.name else {
        throw StateRejection(.badName, at: "id", "the document holds layer \(layer.id)")
      }
      return layer
    } catch {
      throw DocumentRejection(document.key, "\(error)")
    }
  }

  private static func config(_ json: JSONValue, of document: Document) throws(DocumentRejection)
    -> RuntimeConfig
  {
    do {
      return try RuntimeConfig().applying(json)
    } catch {
      throw DocumentRejection(document.key, error.description)
    }
  }

  /// Reads the one-text form `{"layers":[…],"config":{…}}` of an untrusted file. Every layer must name a package of
  /// `packages`, and every value must fit it; if `config` is missing, the argument `config` is used. Other members,
  /// such as the `sequence` of an exported state, are ignored.
  ///
  /// - Parameter outOfRange: the treatment of values outside their parameters' ranges.
  public init(
    json: JSONValue, packages: PackageCatalog, config: RuntimeConfig, outOfRange: OutOfRangeValues = .areRefused
  ) throws(StateRejection) {
    guard let elements = json["layers"]?.arrayValue else {
      throw StateRejection(.missing, at: "layers", "an array of layers is expected")
    }
    guard elements.count <= LayerStack.maximumCount else {
      throw StateRejection(.tooMany, at: "layers", "\(elements.count) layers, at most \(LayerStack.maximumCount)")
    }
    var layers = LayerStack()
    for (index, element) in elements.enumerated() {
      let path = "layers[\(index)]"
      let layer = try Layer(json: element, at: path, outOfRange: outOfRange, package: { packages[$0] })
      guard packages[layer.package] != nil else {
        throw StateRejection(.unknownPackage, at: "\(path).package", "there is no package \(layer.package)")
      }
      guard layers[layer.id] == nil else {
        throw StateRejection(.duplicate, at: "\(path).id", "the layer \(layer.id) stands here twice")
      }
      layers.insert(layer, at: layers.count)
    }
    let config = try json["config"].map { json throws(StateRejection) in try config.applying(json) } ?? config
    self.init(layers: layers, config: config, packages: packages)
  }
}

extension StateReading {
  fileprivate mutating func noteMissing(_ key: Document.Key) {
    if !problems.contains(where: { $0.key == key }) { problems.append(.init(key, "missing")) }
  }
}
