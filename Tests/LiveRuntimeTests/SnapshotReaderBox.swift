import Concurrency
import LiveRuntime
import PersistenceMessages

/// The writer's side of a fixture's store, held where expectations can reach it.
final class SnapshotReaderBox {
  private var reader: LatestValueReader<PersistenceSnapshot>

  init(_ fixture: RuntimeFixture) {
    reader = LatestValueReader(fixture.store.snapshots)
  }

  var newest: PersistenceSnapshot? { reader.newest() }
}
