import BuiltInPackages
import Documents
import RenderSnapshots
import StudioState
import Testing

@testable import VideoOutput

@Test func everyEmbeddedShaderIsInTheCatalog() {
  let ids = BuiltInPackages.catalog.packages.map(\.id.rawValue)
  #expect(ids == ["checker", "colour-bars", "gradient", "plasma", "solid"])
  #expect(BuiltInPackages.shaders.map(\.id.rawValue) == ids)
}

@Test(arguments: BuiltInPackages.shaders.map(\.id.rawValue))
func anEmbeddedShaderIsAnISFFile(id: String) throws {
  let shader = try #require(BuiltInPackages.shaders.first { $0.id.rawValue == id })
  let package = try ISFHeader.package(id: shader.id, file: shader.file)
  #expect(package.header["ISFVSN"] == .string("2"))
  #expect(!package.parameters.isEmpty)
  let text = String(decoding: shader.file, as: UTF8.self)
  #expect(text.hasPrefix("/*{") && text.contains("void main()") && text.contains("gl_FragColor"))
}

@Test func plasmaHasTheParametersOfTheContract() throws {
  let plasma = try #require(PackageID("plasma").flatMap { BuiltInPackages.catalog[$0] })
  #expect(plasma.parameters.map(\.name) == ["mix", "speed"])
  for parameter in plasma.parameters {
    #expect(parameter.type == .double && parameter.minimum == [0] && parameter.maximum == [1])
  }
  // Its input hides GLSL's function of that name.
  let file = try #require(BuiltInPackages.shaders.first { $0.id == plasma.id }).file
  #expect(!String(decoding: file, as: UTF8.self).contains("mix("))
}

@Test func theShadersUseEveryTypeThatISFHasAValueFor() {
  let types = Set(BuiltInPackages.catalog.packages.flatMap(\.parameters).map(\.type))
  #expect(types == [.bool, .int, .double, .point2D, .color])
}

@Test func theDemoShowIsThatOfTheContract() throws {
  let state = BuiltInPackages.demoState
  #expect(state.layers.map(\.id.rawValue) == ["bars", "plasma"])
  #expect(state.layers.map(\.package.rawValue) == ["colour-bars", "plasma"])
  #expect(state.layers.allSatisfy { $0.isEnabled && $0.opacity > 0 })
  let read = try StudioState(json: state.json(sequence: 1), packages: BuiltInPackages.catalog, config: state.config)
  #expect(read == state)
}

private func picture(_ layer: Layer, _ config: RuntimeConfig) -> [UInt8] {
  let snapshot = RenderSnapshot(number: 1, sequence: 1, layers: LayerStack([layer]), config: config)
  return ReferenceRenderer.render(snapshot, frame: 0, time: .seconds(2)).rgba
}

@Test(arguments: BuiltInPackages.catalog.packages.map(\.id.rawValue))
func theReferenceRendererKnowsTheShaderAndItsDefaults(id: String) throws {
  let package = try #require(PackageID(id).flatMap { BuiltInPackages.catalog[$0] })
  let layerID = try #require(LayerID("a"))
  let plain = Layer(id: layerID, name: "a", package: package.id)
  let scene = KernelScene(size: FrameSize(width: 64, height: 36), seconds: 0)
  #expect(!(makeKernel(for: plain, in: scene) is SlateKernel))
  let config = RuntimeConfig(outputWidth: 64, outputHeight: 36)
  #expect(picture(plain, config) == picture(plain.with(parameters: package.defaults), config))
}

@Test(arguments: BuiltInPackages.catalog.packages.map(\.id.rawValue))
func everyParameterChangesThePicture(id: String) throws {
  let package = try #require(PackageID(id).flatMap { BuiltInPackages.catalog[$0] })
  let layerID = try #require(LayerID("a"))
  let config = RuntimeConfig(outputWidth: 64, outputHeight: 36)
  let plain = Layer(id: layerID, name: "a", package: package.id, parameters: package.defaults)
  for parameter in package.parameters {
    let other: ParameterValue =
      switch parameter.type {
      case .bool: .bool(true)
      case .int: .int(parameter.choices.last?.value ?? 7)
      case .double: .double(parameter.maximum?.first == 360 ? 45 : 0.9)
      case .point2D: .point2D(0.2, 0.1)
      case .color: .color(0.3, 0.9, 0.4, 0.7)
      case .string: .string("other")
      }
    var parameters = package.defaults
    #expect(parameters.replace(parameter.name, with: try parameter.validated(other)))
    #expect(picture(plain.with(parameters: parameters), config) != picture(plain, config), "\(parameter.name)")
  }
}
