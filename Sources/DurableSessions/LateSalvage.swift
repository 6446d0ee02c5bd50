import Concurrency
import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import PersistencePipeline

/// Continues a search of damaged pages that took longer than the start could wait, while the show is on air, and adds
/// the generations that it finds.
struct LateSalvage {
  let folder: String
  let incident: String
  let writer: PersistenceWriter<SessionStore>
  let losses: LossBook
  let reading: DocumentReading
  let options: SessionOptions

  /// Longer than a store on a slow disk takes.
  private static let adoptionTimeout = Duration.seconds(30)

  /// Starts the search on a thread of its own. If the process ends first, the files left in quarantine are harmless.
  func begin() {
    do {
      _ = try WorkerThread(starting: "salvage") { run() }
    } catch {
      options.notice("the search in \(incident) can't go on in the background: \(error); type: \(byHand)")
    }
  }

  private var byHand: String { "afterimage salvage \(quoted(DataFolderLayout(incident).database)) --to NEW_FOLDER" }

  private func run() {
    do throws(StoreFailure) {
      let found = try BackgroundSalvage(reading, incident: incident, wallClock: options.time.unixMilliseconds).run()
      options.notice("\(found.generations.count) generations were found in \(incident)")
      Task { await offer(found) }
    } catch {
      options.notice("nothing could be found in \(incident): \(error)")
    }
  }

  private func offer(_ found: BackgroundSalvage.Found) async {
    let adopted = try? await writer.maintain(timeout: Self.adoptionTimeout) { store in
      (try? store.home.adopt(from: found.folder)) ?? []
    }
    guard let newest = adopted?.last else {
      return options.notice(
        "what was found lies in \(found.folder), because it can't be put into the ring; see: afterimage --data-dir "
          + "\(quoted(found.folder)) list")
    }
    let command = "afterimage --data-dir \(quoted(folder)) rollback \(newest)"
    losses.change { record in
      var record = record
      record.lost.append("found again: \(adopted?.count ?? 0) generations, the newest is generation \(newest)")
      record.command = command
      return record
    }
    options.event(.adopted(newest: newest, count: adopted?.count ?? 0))
    options.notice("what was found is in the ring, up to generation \(newest); type: \(command)")
  }
}
