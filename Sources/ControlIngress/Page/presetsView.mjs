// Presets: save, load with the difference first, delete, download.

import { ask, part } from "./ask.mjs";
import { element, reconcile, set, setLines, setText } from "./dom.mjs";
import { changeLines } from "./paths.mjs";
import { clearedLines, difference } from "./show.mjs";
import { complain, toast } from "./toast.mjs";
import { bytes, localTime } from "./words.mjs";

const place = (id) => document.getElementById(id);

function presetRow(name, actions) {
  const facts = element("span", { className: "quiet" });
  const button = (label, run) =>
    element("button", {
      type: "button",
      className: "small",
      textContent: label,
      "aria-label": `${label} preset ${name}`,
      onclick: run,
    });
  const download = element("a", {
    href: `/api/v1/presets/${part(name)}`,
    download: `${name}.json`,
    textContent: "Download",
    "aria-label": `Download preset ${name}`,
  });
  const root = element(
    "li",
    { className: "preset" },
    element("span", {}, element("strong", { textContent: name }), " ", facts),
    element(
      "span",
      { className: "buttons" },
      button("Load…", () => actions.load(name)),
      button("Delete", () => actions.remove(name)),
      download,
    ),
  );
  root.dataset.preset = name;
  return {
    root,
    update: (preset) => setText(facts, `${localTime(preset.modifiedAtUnixMs, Date.now())}, ${bytes(preset.bytes)}`),
  };
}

export function presetsView(model, feed) {
  const views = new Map();
  const dialog = place("preset-dialog");
  let wanted = null;

  const attempt = async (work) => {
    try {
      await work();
    } catch (error) {
      complain(error);
    }
    await feed.refresh("presets", "show");
  };
  const actions = {
    async load(name) {
      wanted = name;
      setText(place("preset-title"), `Load preset ${name}`);
      setLines(place("preset-lines"), []);
      dialog.showModal();
      try {
        const changes = difference(model.durable, await ask(`/presets/${part(name)}`));
        const lines = [...changeLines(changes), ...clearedLines(model.live)];
        setLines(place("preset-lines"), lines.length ? lines : ["Nothing: the show is as in the preset."]);
        set(place("preset-go"), "disabled", false);
      } catch (error) {
        setLines(place("preset-lines"), [error.message]);
        set(place("preset-go"), "disabled", true);
      }
    },
    // The file's content is kept until the page says something else, so that a slip can be taken back.
    remove: (name) =>
      attempt(async () => {
        const content = await ask(`/presets/${part(name)}`).catch(() => null);
        await ask(`/presets/${part(name)}`, "DELETE");
        const back = () =>
          attempt(() => ask(`/presets/${part(name)}`, "PUT", content)).then(() => toast(`Preset ${name} is back.`));
        toast(`Preset ${name} was deleted.`, content && { label: "Bring it back", run: back });
      }),
  };
  place("preset-go").addEventListener("click", () =>
    attempt(async () => {
      dialog.close();
      await ask(`/presets/${part(wanted)}/load`, "POST", {});
      toast(`Preset ${wanted} is loaded. “Undo” at the top brings back what was there.`);
    }),
  );
  place("save-preset").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = place("preset-name").value.trim();
    if (!name) return;
    attempt(async () => {
      await ask(`/presets/${part(name)}`, "PUT");
      place("preset-name").value = "";
      toast(`Preset ${name} is saved.`);
    });
  });
  model.on(["presets"], () => {
    reconcile(
      place("presets"),
      views,
      model.presets,
      (preset) => preset.name,
      (preset) => presetRow(preset.name, actions),
    );
    set(place("no-presets"), "hidden", model.presets.length > 0);
  });
}
