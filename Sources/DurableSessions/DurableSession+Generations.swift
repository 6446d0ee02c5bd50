public import Documents
public import GenerationStore
public import PersistenceMessages
import PersistencePipeline

// The stored generations of a session. Reading them never blocks the writer, and a rollback appends a generation.
extension DurableSession {
  /// All generations in the ring, newest first.
  public func generations() async throws(StoreFailure) -> [GenerationSummary] {
    try await reading { reader throws(StoreFailure) in try reader.list() }
  }

  /// The state of a generation, after all its checksums were verified.
  public func state(of generation: Int64) async throws(GenerationReadFailure) -> State {
    let loaded = try await load(generation)
    guard let state = loaded.state(as: State.self) else {
      throw GenerationReadFailure(code: .damaged, generation: generation)
    }
    return state
  }

  /// The differences between two generations, by path in their documents' JSON.
  public func difference(from earlier: Int64, to later: Int64) async throws(GenerationReadFailure) -> [ValueChange] {
    let (before, after) = (try await load(earlier), try await load(later))
    return ValueChange.changes(from: before.source.documents, to: after.source.documents)
  }

  /// Makes the state of a generation the current one and stores it as a new generation; nothing is destroyed. Earlier
  /// updates are stored first, so that the rollback can itself be rolled back.
  ///
  /// - Parameter timeout: for storing unsaved updates, and again for the new generation.
  /// - Returns: the new generation.
  /// - Throws: ``RollbackFailure``; unless it is `notStored(after: true)`, the state has not changed.
  @discardableResult
  public func rollBack(to generation: Int64, actor: String, within timeout: Duration) async throws(RollbackFailure)
    -> Int64
  {
    let earlier: State
    do { earlier = try await state(of: generation) } catch { throw .unreadable(error) }
    do { try await flush(within: timeout) } catch { throw .notStored(error, isRolledBack: false) }
    commit(reason: "rollback to generation \(generation)", actor: actor, .rollback, isForced: true) { $0 = earlier }
    do {
      return try await stored(within: timeout) ?? generation
    } catch {
      throw .notStored(error, isRolledBack: true)
    }
  }

  /// Keeps a generation until it is unpinned.
  public func pin(_ generation: Int64, label: String) async throws(MarkFailure) {
    try await marking { store throws(MarkFailure) in try store.pin(generation, label: label) }
  }

  public func unpin(_ generation: Int64) async throws(MarkFailure) {
    try await marking { store throws(MarkFailure) in try store.unpin(generation) }
  }

  private func load(_ generation: Int64) async throws(GenerationReadFailure) -> LoadedGeneration {
    let result: Result<LoadedGeneration, GenerationReadFailure>
    do throws(StoreFailure) {
      result = try await reading { reader throws(StoreFailure) in
        do throws(GenerationReadFailure) {
          return .success(try reader.load(generation))
        } catch {
          return .failure(error)
        }
      }
    } catch {
      throw GenerationReadFailure(code: .failed, generation: generation, cause: error)
    }
    return try result.get()
  }
}

/// The reason why a rollback did not complete.
public enum RollbackFailure: Error, Sendable, CustomStringConvertible {
  case unreadable(GenerationReadFailure)
  /// - isRolledBack: whether the earlier state is already current in memory and only its generation is missing.
  case notStored(StoreWaitFailure, isRolledBack: Bool)

  public var description: String {
    switch self {
    case .unreadable(let cause): cause.description
    case .notStored(let cause, true): "the state was rolled back in memory and is not stored yet: \(cause)"
    case .notStored(let cause, false): "nothing was rolled back, because what is unsaved can't be stored: \(cause)"
    }
  }
}
