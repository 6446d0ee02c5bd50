import Concurrency
import LiveRuntime
import PersistenceMessages

/// The writer's side of a fixture's mailbox, held where expectations can reach it.
final class SnapshotReaderBox {
  private var reader: LatestValueReader<PersistenceSnapshot>

  init(_ fixture: RuntimeFixture) {
    reader = LatestValueReader(fixture.snapshots)
  }

  var newest: PersistenceSnapshot? { reader.newest() }
}
