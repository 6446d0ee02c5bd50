import DurableFiles
package import PersistenceMessages

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension RequestDeadline.Moment {
  /// This moment, on this machine.
  package static func now() -> RequestDeadline.Moment {
    let boot = bootID.map { Boot(id: $0, milliseconds: milliseconds(bootClock)) }
    return RequestDeadline.Moment(unixMilliseconds: milliseconds(CLOCK_REALTIME), boot: boot)
  }

  /// Nil where the system does not name its boots.
  private static let bootID: String? = {
    guard let bytes = (try? DurableFile.read("/proc/sys/kernel/random/boot_id", limit: 256)) ?? nil else { return nil }
    let id = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
    return id.isEmpty || id.contains(" ") ? nil : id
  }()

  #if canImport(Glibc)
    private static let bootClock = CLOCK_BOOTTIME
  #else
    private static let bootClock = CLOCK_MONOTONIC
  #endif

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    // Can't fail: the clocks exist and the pointer is ours.
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
