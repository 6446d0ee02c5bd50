public import Documents
import DurableFiles
public import StudioState

/// Reads the shader packages of a folder: every `NAME.fs` in it, not in its subfolders. Any name is permitted; see
/// `PackageID.init(shaderName:)` for the resulting id.
public enum PackageFolder {
  /// Most files that are read.
  public static let maximumFiles = 1000

  public struct Reading: Sendable {
    public var catalog: PackageCatalog
    /// Files that are not usable packages, with the reason, ordered by file name.
    public var rejected: [Rejection]

    public init(catalog: PackageCatalog, rejected: [Rejection]) {
      self.catalog = catalog
      self.rejected = rejected
    }
  }

  public struct Rejection: Sendable, Equatable {
    public var file: String
    public var problem: String

    public init(file: String, problem: String) {
      self.file = file
      self.problem = problem
    }

    public var json: JSONValue { ["file": .string(file), "problem": .string(problem)] }
  }

  /// Reads all packages. A folder that can't be listed has none, which is reported under an empty file name. Blocks on
  /// the disk.
  public static func read(_ folder: String) -> Reading {
    let files: [ShaderFile]
    do throws(FileFailure) {
      files = ShaderFile.sorted(try FolderListing.entries(of: folder).map(\.name))
    } catch {
      return Reading(catalog: .empty, rejected: [Rejection(file: "", problem: error.description)])
    }
    var packages: [PackageDefinition] = []
    var rejected: [Rejection] = []
    var owners: [PackageID: String] = [:]
    for file in files.prefix(maximumFiles) {
      do throws(Rejection) {
        if let owner = owners[file.id] { throw file.collides(with: owner) }
        packages.append(try package(file, in: folder))
        owners[file.id] = file.name
      } catch {
        rejected.append(error)
      }
    }
    if files.count > maximumFiles {
      rejected.append(
        Rejection(file: "", problem: "the folder holds \(files.count) shaders; only \(maximumFiles) were read"))
    }
    return Reading(catalog: PackageCatalog(packages), rejected: rejected)
  }

  private static func package(_ file: ShaderFile, in folder: String) throws(Rejection) -> PackageDefinition {
    do {
      guard let bytes = try DurableFile.read("\(folder)/\(file.name)", limit: ISFHeader.maximumFileBytes) else {
        throw Rejection(file: file.name, problem: "the file is gone")
      }
      return try ISFHeader.package(id: file.id, name: file.title, file: bytes)
    } catch let rejection as Rejection {
      throw rejection
    } catch {
      throw Rejection(file: file.name, problem: "\(error)")
    }
  }
}

extension PackageFolder.Rejection: Error {}

/// One file of the packages folder, by its name.
private struct ShaderFile {
  let name: String
  /// The name without its extension: the package's title if its header has none.
  let title: String
  let id: PackageID

  /// Nil if the name is not that of a shader.
  private init?(_ name: String) {
    guard name.hasSuffix(".fs"), !name.hasPrefix(".") else { return nil }
    self.name = name
    title = String(name.dropLast(3))
    id = PackageID(shaderName: title)
  }

  /// In the order in which they get their ids. Names that are valid ids come first, so that no other name can take
  /// their id.
  static func sorted(_ names: [String]) -> [ShaderFile] {
    names.compactMap { ShaderFile($0) }.sorted { left, right in
      left.hasPlainName != right.hasPlainName
        ? left.hasPlainName : CanonicalJSON.precedes(left.name, right.name)
    }
  }

  private var hasPlainName: Bool { id.rawValue == title }

  func collides(with owner: String) -> PackageFolder.Rejection {
    PackageFolder.Rejection(
      file: name, problem: "its id would be \(id), which is that of \(owner); rename one of the two files")
  }
}
