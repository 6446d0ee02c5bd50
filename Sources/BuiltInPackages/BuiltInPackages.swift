public import StudioState

/// The shader packages that are part of Afterimage: those that the reference renderer can draw. Their files are
/// embedded in the binary, because a resource bundle would be lost when the binary is copied elsewhere.
public enum BuiltInPackages {
  /// One embedded file, with the content of a file `ID.fs` in the packages folder.
  public struct Shader: Sendable {
    public let id: PackageID
    /// The whole ISF file, UTF-8.
    public let file: [UInt8]
  }

  /// Every embedded file, sorted by id.
  public static let shaders: [Shader] = [
    shader("checker", PackageResources.checker_fs),
    shader("colour-bars", PackageResources.colour_bars_fs),
    shader("gradient", PackageResources.gradient_fs),
    shader("plasma", PackageResources.plasma_fs),
    shader("solid", PackageResources.solid_fs),
  ].compactMap(\.self)

  /// The packages that the embedded files declare. A file that can't be read would be omitted; a test checks that there
  /// is none.
  public static let catalog = PackageCatalog(
    shaders.compactMap { shader in try? ISFHeader.package(id: shader.id, file: shader.file) })

  private static func shader(_ name: String, _ file: [UInt8]) -> Shader? {
    PackageID(name).map { Shader(id: $0, file: file) }
  }
}
