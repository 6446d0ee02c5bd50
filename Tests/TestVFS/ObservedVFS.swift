import CSQLite
import CTestVFS
import Synchronization

/// One call that SQLite is about to make on a file.
package struct FileCall {
  package enum Kind: UInt32, Sendable, CaseIterable {
    case open, close, read, write, truncate, sync, fileSize, lock, shmMap, shmLock, delete, access, fullPathname, sleep
  }

  package var kind: Kind
  /// Empty for a temporary file.
  package var path: String
  /// As in `CTestVFS.h`.
  package var flags: Int32
  /// Where a read or write begins; the size that a truncate leaves.
  package var offset: Int
  package var count: Int
  /// What is written. Only valid within the call.
  package var bytes: UnsafeRawBufferPointer?

  /// The path's last part.
  package var name: String {
    String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
  }
}

/// What SQLite gets instead of the call.
package struct FileFault: Sendable, Equatable {
  /// SQLite's extended result code.
  package var code: Int32
  /// errno, where the code leaves it open.
  package var systemError: Int32
  /// Of a write: bytes that reach the file all the same.
  package var bytesWritten: Int

  package init(code: Int32, systemError: Int32 = 0, bytesWritten: Int = 0) {
    self.code = code
    self.systemError = systemError
    self.bytesWritten = bytesWritten
  }
}

/// A SQLite VFS of its own name before the system's. Any number of them may be in use at once.
package final class ObservedVFS: Sendable {
  package typealias Observer = @Sendable (FileCall) -> FileFault?

  /// To be given to `StoreOptions.vfs`.
  package let name: String
  // Written in init only; the struct behind it guards itself with atomics.
  nonisolated(unsafe) private let handle: OpaquePointer
  private let context: Context

  private final class Context: Sendable {
    let observer: Observer
    init(_ observer: @escaping Observer) { self.observer = observer }
  }

  private static let counter = Atomic<Int>(0)

  /// - Parameter observer: hears of each call before it is made, and may fail it. Called on the thread that uses the
  ///   connection; must not call SQLite.
  package init(_ observer: @escaping Observer) {
    context = Context(observer)
    name = "observed-\(Self.counter.add(1, ordering: .relaxed).newValue)"
    let hook: afterimage_vfs_hook = { context, call in
      guard let context, let call else { return afterimage_vfs_verdict() }
      // The VFS is unregistered before its context goes.
      let observer = Unmanaged<Context>.fromOpaque(context).takeUnretainedValue().observer
      guard let fault = FileCall(call.pointee).flatMap(observer) else { return afterimage_vfs_verdict() }
      return afterimage_vfs_verdict(
        code: fault.code, system_error: fault.systemError, written: Int32(clamping: fault.bytesWritten))
    }
    guard let handle = afterimage_vfs_register(name, hook, Unmanaged.passUnretained(context).toOpaque()) else {
      preconditionFailure("SQLite did not register the VFS \(name)")
    }
    self.handle = handle
  }

  deinit {
    afterimage_vfs_unregister(handle)
  }

  /// Makes what SQLite draws at random repeatable, in the whole process.
  package static func seedRandomness(_ seed: Int32) {
    afterimage_seed_randomness(seed)
  }
}

extension FileCall {
  fileprivate init?(_ call: afterimage_vfs_call) {
    guard let kind = Kind(rawValue: UInt32(call.kind)) else { return nil }
    self.init(
      kind: kind, path: call.path.map { String(cString: $0) } ?? "", flags: call.flags, offset: Int(call.offset),
      count: Int(call.count),
      bytes: call.bytes.map { UnsafeRawBufferPointer(start: $0, count: Int(call.count)) })
  }
}
