import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A shader that kills the host as soon as a start loads it, to try the crash-loop guard with: the package named in the
/// environment variable `AFTERIMAGE_CRASH_TEST_PACKAGE`. Without the variable there is no such package.
enum CrashTestPackage {
  static func abortIfLoaded(in show: StudioState, _ package: String?) {
    guard let package, show.layers.contains(where: { $0.isEnabled && $0.package.rawValue == package }) else { return }
    abort()
  }
}
