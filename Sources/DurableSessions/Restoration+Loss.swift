import DurableFiles
import GenerationStore
import PersistenceMessages

extension Restoration {
  /// The loss of this start, for `loss.json`; nil if nothing was lost.
  ///
  /// - Parameters:
  ///   - crashed: the newest generation before a crash loop; nil if there was none.
  ///   - quarantined: the folder into which a damaged database was moved.
  ///   - rungs: ``SessionProgram/rungs``.
  func loss(
    in folder: String, crashed: Int64?, quarantined: String?, isBlank: Bool, rungs: [ProgramRung], now: Int64
  ) -> LossRecord? {
    guard !lost.isEmpty else { return nil }
    let tool = "afterimage --data-dir \(quoted(folder))"
    let command =
      switch (rung, crashed, quarantined) {
      case (_, let crashed?, _) where isHarmless: "\(tool) rollback \(crashed)"
      case (.proven, let crashed?, _): "\(tool) show \(crashed)"
      case (_, _, let incident?): "afterimage salvage \(quoted(DataFolderLayout(incident).database)) --to NEW_FOLDER"
      case (.older, _, _), (.partial, _, _): "\(tool) verify --all"
      default: "\(tool) doctor"
      }
    let own = rungs.first { rung == .program($0.name) && $0.blankState != .isProvable }
    return LossRecord(
      at: UTCTime.text(unixMilliseconds: now), rung: rung.description, lost: Array(lost.prefix(LossRecord.most)),
      files: quarantined.map { [$0] } ?? [], command: command,
      blank: isBlank ? own?.name : nil)
  }
}
