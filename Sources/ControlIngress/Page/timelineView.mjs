// The generations, newest first; what one or two selected ones differ in; pinning.

import { ask } from "./ask.mjs";
import { reconcile, setLines, setText } from "./dom.mjs";
import { generationRow } from "./generationRow.mjs";
import { comparison, toggled } from "./history.mjs";
import { lazily } from "./lazily.mjs";
import { changeLines } from "./paths.mjs";
import { complain, toast } from "./toast.mjs";

const place = (id) => document.getElementById(id);
// More than a screen shows; the rest come on demand.
const shownAtFirst = 40;

export function timelineView(model, feed, rollBack) {
  const views = new Map();
  const look = lazily();
  let selected = [];
  let shown = shownAtFirst;

  const actions = {
    rollBack,
    select(id) {
      selected = toggled(selected, id);
      draw();
      compare();
    },
    async pin(generation) {
      if (!generation.pinned) return askForLabel(generation);
      await mark(generation, "DELETE");
      toast(`Generation ${generation.id} is not pinned any more.`);
    },
  };
  const mark = async (generation, method, body) => {
    try {
      await ask(`/generations/${generation.id}/pin`, method, body);
    } catch (error) {
      complain(error);
    }
    await feed.refresh("generations", "health");
  };
  const askForLabel = (generation) => {
    const dialog = place("pin-dialog");
    setText(place("pin-title"), `Pin generation ${generation.id}`);
    place("pin-label").value = "";
    dialog.onclose = () => {
      const label = place("pin-label").value.trim();
      if (dialog.returnValue === "pin" && label) mark(generation, "PUT", { label });
    };
    dialog.returnValue = "";
    dialog.showModal();
  };
  const compare = async () => {
    const wanted = comparison(selected);
    place("comparison").hidden = !wanted;
    if (!wanted) return;
    try {
      const answer = wanted.to
        ? await ask(`/generations/diff?from=${wanted.from}&to=${wanted.to}`)
        : await ask(`/generations/${wanted.from}/rollback`, "POST", { dryRun: true });
      setText(
        place("comparison-title"),
        wanted.to
          ? `From generation ${wanted.from} to ${wanted.to}`
          : `What generation ${wanted.from} would change now`,
      );
      const lines = changeLines(answer.changes);
      setLines(place("comparison-lines"), lines.length ? lines : ["Nothing differs."]);
    } catch (error) {
      setText(place("comparison-title"), "No comparison");
      setLines(place("comparison-lines"), [error.message]);
    }
  };
  const draw = () => {
    const nowMs = Date.now();
    const known = new Set(model.generations.map((generation) => generation.id));
    selected = selected.filter((id) => known.has(id));
    const items = model.generations.slice(0, shown).map((generation, index) => ({
      generation,
      before: model.generations[index + 1]?.id,
      selected: selected.includes(generation.id),
      nowMs,
    }));
    reconcile(
      place("generations"),
      views,
      items,
      (item) => item.generation.id,
      (item) => generationRow(item, actions, look),
    );
    const older = model.generations.length - items.length;
    place("older").hidden = older <= 0;
    setText(place("older"), `Show ${older} older`);
  };
  place("older").addEventListener("click", () => {
    shown = Number.POSITIVE_INFINITY;
    draw();
  });
  place("comparison-close").addEventListener("click", () => {
    selected = [];
    draw();
    compare();
  });
  model.on(["generations"], draw);
  // What one generation would change depends on the show.
  model.on(["show"], () => selected.length === 1 && compare());
}
