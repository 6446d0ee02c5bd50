/// Reads the header of an ISF shader (Interactive Shader Format 2, https://docs.isf.video): a JSON object in the first
/// block comment of an `.fs` file.
public enum ISFHeader {
  /// Bytes of a shader file that are read at most.
  public static let maximumFileBytes = 1 << 20
  private static let headerLimits = JSONParser.Limits(bytes: 256 << 10, depth: 16)
  private static let maximumParameters = 256

  /// The package that the file's text declares.
  ///
  /// - Throws: a problem that says what is wrong with the header, for the operator who has the file open.
  public static func package(id: PackageID, file: [UInt8]) throws(ISFProblem) -> PackageDefinition {
    guard file.count <= maximumFileBytes else {
      throw ISFProblem("the file has \(file.count) bytes, at most \(maximumFileBytes) are read")
    }
    let comment = try firstComment(of: file)
    let header: JSONValue
    do {
      header = try JSONParser.parse(comment, limits: headerLimits)
    } catch {
      throw ISFProblem("the header comment is \(error)")
    }
    return try package(id: id, header: header)
  }

  static func package(id: PackageID, header: JSONValue) throws(ISFProblem) -> PackageDefinition {
    guard header.objectValue != nil else { throw ISFProblem("the header is \(header.kindName), not an object") }
    let inputs = header["INPUTS"] ?? .array([])
    guard let elements = inputs.arrayValue else { throw ISFProblem("INPUTS is \(inputs.kindName), not an array") }
    guard elements.count <= maximumParameters else {
      throw ISFProblem("\(elements.count) INPUTS, at most \(maximumParameters) are read")
    }
    var parameters: [ParameterDefinition] = []
    var names = Set<String>()
    for (index, element) in elements.enumerated() {
      guard let parameter = try ISFInput(element, at: "INPUTS[\(index)]").parameter else { continue }
      guard names.insert(parameter.name).inserted else {
        throw ISFProblem("INPUTS[\(index)]: the name \"\(parameter.name)\" stands here twice")
      }
      parameters.append(parameter)
    }
    return PackageDefinition(
      id: id, title: header["TITLE"]?.stringValue ?? header["LABEL"]?.stringValue ?? id.rawValue,
      version: header["VSN"]?.stringValue ?? "1", parameters: parameters, header: header)
  }

  private static func firstComment(of file: [UInt8]) throws(ISFProblem) -> ArraySlice<UInt8> {
    let slash = UInt8(ascii: "/")
    let star = UInt8(ascii: "*")
    guard let start = firstIndex(of: slash, star, in: file[...]) else {
      throw ISFProblem("there is no /* comment */ with a JSON header")
    }
    guard let end = firstIndex(of: star, slash, in: file[(start + 2)...]) else {
      throw ISFProblem("the header comment is not closed")
    }
    return file[(start + 2)..<end]
  }

  private static func firstIndex(of first: UInt8, _ second: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= 2 else { return nil }
    return (bytes.startIndex..<bytes.endIndex - 1).first { bytes[$0] == first && bytes[$0 + 1] == second }
  }
}

/// Why a shader's header can't be used.
public struct ISFProblem: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
