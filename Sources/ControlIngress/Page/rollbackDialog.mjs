// Rolling back: what would change comes first, the way back afterwards.

import { ask } from "./ask.mjs";
import { element, set, setLines, setText } from "./dom.mjs";
import { changeLines } from "./paths.mjs";
import { clearedLines } from "./show.mjs";
import { toast } from "./toast.mjs";
import { localTime } from "./words.mjs";

const place = (id) => document.getElementById(id);

export function rollbackDialog(model, feed) {
  const dialog = place("rollback-dialog");
  const choice = place("rollback-only");
  let generation = null;
  let isForced = false;

  const body = () => (choice.value ? { only: choice.value } : {});
  const complain = (text) => {
    setText(place("rollback-fault"), text);
    place("rollback-fault").hidden = !text;
  };
  const forecast = async () => {
    complain("");
    isForced = false;
    setText(place("rollback-go"), "Roll back");
    try {
      const answer = await ask(`/generations/${generation.id}/rollback`, "POST", { ...body(), dryRun: true });
      const only = choice.value ? choice.value.slice("layer:".length) : null;
      const lines = [...changeLines(answer.changes), ...clearedLines(model.live, only)];
      setLines(place("rollback-lines"), lines.length ? lines : ["Nothing: the show is as it was then."]);
      set(place("rollback-go"), "disabled", answer.changes.length === 0 && lines.length === 0);
    } catch (error) {
      setLines(place("rollback-lines"), []);
      set(place("rollback-go"), "disabled", true);
      complain(error.message);
    }
  };
  const offerLayers = async () => {
    const { state } = await ask(`/generations/${generation.id}`);
    const options = [...state.layers]
      .reverse()
      .map((layer) => element("option", { value: `layer:${layer.id}`, textContent: `Only ${layer.name}` }));
    choice.replaceChildren(element("option", { value: "", textContent: "The whole show" }), ...options);
  };
  // Whoever has changed something since is asked first: going back would take that away, too.
  const undo = async ({ from, stored }) => {
    const newest = model.generations[0];
    const left = model.generations.find(({ id }) => id === from);
    if (newest?.id !== stored && left) return open(left);
    try {
      const answer = await ask("/undo", "POST", {});
      await feed.refresh("generations", "show");
      toast(`The rollback is undone: the show is as in generation ${answer.to}.`);
    } catch (error) {
      toast(`Refused: ${error.message}`, null, "bad");
    }
  };
  const go = async (event) => {
    event.preventDefault();
    set(place("rollback-go"), "disabled", true);
    try {
      const answer = await ask(`/generations/${generation.id}/rollback`, "POST", {
        ...body(),
        ...(isForced ? { force: true } : {}),
      });
      dialog.close();
      await feed.refresh("generations", "show", "health");
      toast(`Rolled back to generation ${answer.to}, stored as ${answer.stored}.`, {
        label: "Undo",
        run: () => undo(answer),
      });
    } catch (error) {
      complain(error.message);
      set(place("rollback-go"), "disabled", false);
      // The state of now can't be stored first: the operator may give it up, knowing so.
      isForced = error.code === "unsaved";
      if (isForced) setText(place("rollback-go"), "Roll back without storing first");
    }
  };
  choice.addEventListener("change", forecast);
  place("rollback-go").addEventListener("click", go);
  const open = async (wanted) => {
    generation = wanted;
    setText(place("rollback-title"), `Roll back to generation ${wanted.id}`);
    setText(
      place("rollback-when"),
      `Stored at ${localTime(Date.parse(wanted.storedAt), Date.now())}. Nothing is deleted: the show of now stays in the history.`,
    );
    place("rollback-picture").src = `/api/v1/generations/${wanted.id}/preview.png`;
    choice.replaceChildren(element("option", { value: "", textContent: "The whole show" }));
    setLines(place("rollback-lines"), []);
    complain("");
    dialog.showModal();
    await Promise.all([forecast(), offerLayers().catch(() => {})]);
  };
  return open;
}
