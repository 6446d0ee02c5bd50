import Foundation

/// Runs what blocks on a thread of its own. Tests share a handful of threads, as many as the machine has cores: one that
/// waits for a program on them holds up all others, and what they measure.
package func onOwnThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Result { try body() }) }.start()
  }
}
