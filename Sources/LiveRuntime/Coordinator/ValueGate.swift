import StudioState

// The only place where values enter the state: an accepted value has its parameter's type, is within its range and is
// finite.
extension MutationDraft {
  func validated(
    _ id: LayerID, _ target: LiveTarget, _ value: ParameterValue
  ) throws(MutationRejection) -> ParameterValue {
    let layer = try layer(id)
    switch target {
    case .parameter(let name): return try validatedParameter(of: layer, name, value)
    case .opacity: return .double(try Self.validatedOpacity(value, of: id))
    case .enabled: return try Self.accepted(value, by: Self.enabledDefinition, at: "layers.\(id).enabled")
    }
  }

  func validatedParameter(
    of layer: Layer, _ name: String, _ value: ParameterValue
  ) throws(MutationRejection) -> ParameterValue {
    // The path is built only for a refusal, because this is the hot path.
    guard let package = state.packages[layer.package] else {
      throw MutationRejection(
        .unknownPackage, at: "layers.\(layer.id).package",
        "the package \(layer.package) is not loaded; put \(layer.package).fs into the packages folder")
    }
    let accepted: ParameterValue?
    do {
      accepted = try package.validated(name, value)
    } catch {
      throw MutationRejection(error, at: "layers.\(layer.id).parameters.\(name)")
    }
    guard let accepted else {
      throw MutationRejection(
        .unknownParameter, at: "layers.\(layer.id).parameters.\(name)", "package \(package.id) has no such parameter")
    }
    return accepted
  }

  static func validatedOpacity(_ value: ParameterValue, of id: LayerID) throws(MutationRejection) -> Double {
    guard case .double(let opacity) = try accepted(value, by: opacityDefinition, at: "layers.\(id).opacity") else {
      throw MutationRejection(.wrongType, at: "layers.\(id).opacity", "a number is expected")
    }
    return opacity
  }

  static func accepted(
    _ value: ParameterValue, by definition: ParameterDefinition, at path: @autoclosure () -> String
  ) throws(MutationRejection) -> ParameterValue {
    do {
      return try definition.validated(value)
    } catch {
      throw MutationRejection(error, at: path())
    }
  }

  static func refusing<T>(_ body: () throws(StateRejection) -> T) throws(MutationRejection) -> T {
    do {
      return try body()
    } catch {
      throw MutationRejection(error)
    }
  }

  private static let opacityDefinition = ParameterDefinition(
    name: "opacity", type: .double, defaultValue: .double(1), minimum: [0], maximum: [1])
  private static let enabledDefinition = ParameterDefinition(name: "enabled", type: .bool, defaultValue: .bool(true))
}
