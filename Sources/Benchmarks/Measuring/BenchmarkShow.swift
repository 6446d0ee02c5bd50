import Documents
import StudioState

/// The shows that are measured: `layers` layers of a package with 40 parameters each, all of them doubles from 0 to 1.
struct BenchmarkShow {
  /// Of each layer; with 250 layers they make 10,000.
  static let parametersPerLayer = 40

  let state: StudioState
  let layers: [LayerID]
  let parameters: [String]
  /// The package's file, for a packages folder.
  let packageFile: [UInt8]

  init(layers count: Int) throws {
    let names = (0..<Self.parametersPerLayer).map { "parameter\($0)" }
    let inputs = names.map { name -> JSONValue in
      ["NAME": .string(name), "TYPE": "float", "DEFAULT": 0.5, "MIN": 0.0, "MAX": 1.0]
    }
    packageFile = Array("/*".utf8) + CanonicalJSON.encode(["INPUTS": .array(inputs)]) + Array("*/\n".utf8)
    let id = try Self.name("wide", PackageID.init)
    let package = try ISFHeader.package(id: id, file: packageFile)
    let layerNames = try (0..<count).map { try Self.name("layer-\($0)", LayerID.init) }
    layers = layerNames
    parameters = names
    state = StudioState(
      layers: LayerStack(
        layerNames.map { Layer(id: $0, name: $0.rawValue, package: id, parameters: package.defaults) }),
      packages: PackageCatalog([package]))
  }

  struct NameRejection: Error { var name: String }

  private static func name<Name>(_ text: String, _ make: (String) -> Name?) throws(NameRejection) -> Name {
    guard let name = make(text) else { throw NameRejection(name: text) }
    return name
  }

  /// One change of one parameter.
  struct Change {
    var layer: LayerID
    var parameter: String
    var value: ParameterValue
  }

  /// `count` changes that wander over all layers and parameters; neighbours never hit the same layer twice in a row.
  func changes(_ count: Int) -> [Change] {
    (0..<count).map { number in
      // 7 and 31 share no factor with the counts, so everything is visited.
      Change(
        layer: layers[number * 7 % layers.count], parameter: parameters[number * 31 % parameters.count],
        value: .double(Double(number % 1009) / 1009))
    }
  }
}
