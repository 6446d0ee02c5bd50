import DurableFiles
public import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads the shader packages of a folder: every `NAME.fs` in it, not in its subfolders.
public enum PackageFolder {
  /// Files that are read at most.
  public static let maximumFiles = 1000

  public struct Reading: Sendable {
    public var catalog: PackageCatalog
    /// Files that are no usable package, and why, by file name.
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

  /// Reads all packages; a folder that can't be listed holds none, and that is reported under an empty file name. Blocks
  /// on the disk.
  public static func read(_ folder: String) -> Reading {
    var packages: [PackageDefinition] = []
    var rejected: [Rejection] = []
    let files: [String]
    do throws(FileFailure) {
      files = try shaderFiles(in: folder)
    } catch {
      return Reading(catalog: .empty, rejected: [Rejection(file: "", problem: error.description)])
    }
    for file in files.prefix(maximumFiles) {
      switch package(file, in: folder) {
      case .success(let package): packages.append(package)
      case .failure(let rejection): rejected.append(rejection)
      }
    }
    if files.count > maximumFiles {
      rejected.append(
        Rejection(file: "", problem: "the folder holds \(files.count) shaders; only \(maximumFiles) were read"))
    }
    return Reading(catalog: PackageCatalog(packages), rejected: rejected)
  }

  private static func package(_ file: String, in folder: String) -> Result<PackageDefinition, Rejection> {
    guard let id = PackageID(String(file.dropLast(3))) else {
      return .failure(Rejection(file: file, problem: "the name before .fs must be \(studioNameRule)"))
    }
    do {
      guard let bytes = try DurableFile.read("\(folder)/\(file)", limit: ISFHeader.maximumFileBytes) else {
        return .failure(Rejection(file: file, problem: "the file is gone"))
      }
      return .success(try ISFHeader.package(id: id, file: bytes))
    } catch {
      return .failure(Rejection(file: file, problem: "\(error)"))
    }
  }

  /// Names of the `.fs` files, sorted.

  private static func shaderFiles(in folder: String) throws(FileFailure) -> [String] {
    try FolderListing.entries(of: folder).map(\.name).filter { $0.hasSuffix(".fs") && !$0.hasPrefix(".") }.sorted()
  }
}

extension PackageFolder.Rejection: Error {}
