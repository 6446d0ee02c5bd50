public import DurableFiles

// The folders that the studio keeps in a data folder.
extension DataFolderLayout {
  public static let presetsName = "presets"
  public static let packagesName = "packages"

  /// Presets as JSON files.
  public var presets: String { path(Self.presetsName) }
  /// Shader packages, unless the host was given another folder.
  public var packages: String { path(Self.packagesName) }
}
