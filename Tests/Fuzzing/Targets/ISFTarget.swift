import Documents
import StudioState

/// A header is refused, or declares parameters whose defaults they accept themselves, and it is stored and read back as
/// the same package.
func headersDeclareUsableParameters(_ bytes: UnsafeBufferPointer<UInt8>) {
  guard let id = PackageID("fuzzed"), let package = try? ISFHeader.package(id: id, file: Array(bytes)) else { return }
  mustHold(package.parameters.count <= 256, "parameters are bounded")
  mustHold(Set(package.parameters.map(\.name)).count == package.parameters.count, "names stand once")
  for parameter in package.parameters {
    mustHold(isStudioName(parameter.name), "\(parameter.name) is a name")
    let accepted = mustSucceed("\(parameter.name) accepts its default") {
      try parameter.validated(parameter.defaultValue)
    }
    mustHold(accepted == parameter.defaultValue, "\(parameter.name)'s default has its type")
  }
  _ = mustSucceed("the list of packages is readable JSON") {
    try JSONParser.parse(CanonicalJSON.encode(package.json), limits: .init(bytes: .max))
  }
  let layer = LayerID("one").map { Layer(id: $0, name: "one", package: id, parameters: package.defaults) }
  let state = StudioState(layers: LayerStack([layer].compactMap(\.self)), packages: PackageCatalog([package]))
  mustBeStorable(state)
  let stored = StudioState.reading(state.documents).state.packages[id]
  mustHold(stored?.parameters == package.parameters, "the stored header declares the same parameters")
  // What was noted of the file belongs to the file: the stored header has the slips no more.
  mustHold(stored.map(withoutNotes) == withoutNotes(package), "the stored header gives the same package")
}

private func withoutNotes(_ package: PackageDefinition) -> JSONValue {
  .object((package.json.objectValue ?? []).filter { $0.name != "notes" })
}
