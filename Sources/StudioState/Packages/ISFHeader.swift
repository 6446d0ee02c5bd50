import Documents

/// Reads the header of an ISF shader (Interactive Shader Format 2, https://docs.isf.video): a JSON object in the first
/// block comment of an `.fs` file.
///
/// As tolerant as other programs that read these files: an author's error with an obvious correction is corrected and
/// noted in the package (``PackageDefinition/notes``). Only unreadable headers are refused.
public enum ISFHeader {
  /// Largest shader file, in bytes.
  public static let maximumFileBytes = 1 << 20
  private static let headerLimits = JSONParser.Limits(bytes: 256 << 10, depth: 16)
  private static let maximumParameters = 256
  /// A header may have thousands of errors; the first ones are enough to find the rest.
  private static let maximumNotes = 64

  /// The package that the file's text declares.
  ///
  /// - Parameter name: the package's title if its header has none; nil for its id.
  /// - Throws: a description of the problem for the author of the header.
  public static func package(
    id: PackageID, name: String? = nil, file: [UInt8]
  ) throws(ISFRejection) -> PackageDefinition {
    guard file.count <= maximumFileBytes else {
      throw ISFRejection("the file has \(file.count) bytes, at most \(maximumFileBytes) are read")
    }
    let comment = try firstComment(of: file)
    let header: (value: JSONValue, repeatedKeys: [String])
    do {
      header = try JSONParser.parseLastKeyCounts(comment, limits: headerLimits)
    } catch {
      throw ISFRejection("the header comment is \(error)")
    }
    let notes = header.repeatedKeys.map { "the key \"\($0)\" is given twice; the last one counts" }
    return try package(id: id, name: name, header: header.value, notes: notes)
  }

  static func package(
    id: PackageID, name: String? = nil, header: JSONValue, notes: [String] = []
  ) throws(ISFRejection) -> PackageDefinition {
    guard header.objectValue != nil else { throw ISFRejection("the header is \(header.kindName), not an object") }
    let inputs = header["INPUTS"] ?? .array([])
    guard let elements = inputs.arrayValue else { throw ISFRejection("INPUTS is \(inputs.kindName), not an array") }
    guard elements.count <= maximumParameters else {
      throw ISFRejection("\(elements.count) INPUTS, at most \(maximumParameters) are read")
    }
    var notes = notes
    var parameters: [ParameterDefinition] = []
    var names = Set<String>()
    for (index, element) in elements.enumerated() {
      let input = try ISFInput(element, at: "INPUTS[\(index)]")
      notes += input.notes
      guard let parameter = input.parameter else { continue }
      guard names.insert(parameter.name).inserted else {
        throw ISFRejection("INPUTS[\(index)]: the name \"\(parameter.name)\" is given twice")
      }
      parameters.append(parameter)
    }
    return PackageDefinition(
      id: id, title: header["TITLE"]?.stringValue ?? header["LABEL"]?.stringValue ?? name ?? id.rawValue,
      version: header["VSN"]?.stringValue ?? "1", parameters: parameters, header: header,
      notes: Array(notes.prefix(maximumNotes)))
  }

  private static func firstComment(of file: [UInt8]) throws(ISFRejection) -> ArraySlice<UInt8> {
    let slash = UInt8(ascii: "/")
    let star = UInt8(ascii: "*")
    guard let start = firstIndex(of: slash, star, in: file[...]) else {
      throw ISFRejection("there is no /* comment */ with a JSON header")
    }
    guard let end = firstIndex(of: star, slash, in: file[(start + 2)...]) else {
      throw ISFRejection("the header comment is not closed")
    }
    return file[(start + 2)..<end]
  }

  private static func firstIndex(of first: UInt8, _ second: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= 2 else { return nil }
    return (bytes.startIndex..<bytes.endIndex - 1).first { bytes[$0] == first && bytes[$0 + 1] == second }
  }
}

/// Why a shader's header can't be used.
public struct ISFRejection: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
