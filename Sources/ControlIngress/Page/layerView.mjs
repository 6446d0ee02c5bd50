// One layer of the stack: handle, switch, name, blend mode, opacity and a row for each parameter.

import { ask, layerPath, part } from "./ask.mjs";
import { menu, toggle } from "./controls.mjs";
import { sameValue } from "./definitions.mjs";
import { element, set, setText } from "./dom.mjs";
import { dragging } from "./dragging.mjs";
import { memberPath, parameterPath } from "./paths.mjs";
import { keyTarget, position } from "./reorder.mjs";
import { blendModes } from "./show.mjs";
import { complain, toast } from "./toast.mjs";
import { valueRow } from "./valueRow.mjs";

const opacityDefinition = { name: "opacity", type: "double", min: 0, max: 1, default: 1 };

export function layerView(first, model, feed) {
  const { id } = first;
  const layerCount = () => model.durable.layers.length;
  const row = () => layerCount() - 1 - model.position(id);
  let layer = first;

  const tell = async (work) => {
    try {
      await work();
    } catch (error) {
      complain(error);
    }
    await feed.refresh("show");
  };
  const move = (to) => tell(() => ask(layerPath(id, "move"), "POST", { to: position(to, layerCount()) }));

  const handle = element("button", { type: "button", className: "handle", textContent: "⠿" });
  const up = element("button", {
    type: "button",
    className: "small",
    textContent: "↑",
    title: "Move up",
    onclick: () => step("ArrowUp"),
  });
  const down = element("button", {
    type: "button",
    className: "small",
    textContent: "↓",
    title: "Move down",
    onclick: () => step("ArrowDown"),
  });
  const step = (key) => {
    const target = keyTarget(key, row(), layerCount());
    if (target !== null) move(target);
  };
  handle.addEventListener("keydown", (event) => {
    const target = keyTarget(event.key, row(), layerCount());
    if (target === null) return;
    event.preventDefault();
    move(target);
  });

  const enabled = toggle("", (value) =>
    tell(async () => {
      await ask(layerPath(id, "enabled"), "PUT", { value });
      if ("enabled" in layer.live) await ask(`/live${layerPath(id, "enabled")}`, "DELETE");
    }),
  );
  const blend = menu(
    blendModes.map((mode) => ({ value: mode, label: mode })),
    "Blend mode",
    (value) => tell(() => ask(layerPath(id, "blendMode"), "PUT", { value })),
  );
  const name = element("input", {
    type: "text",
    className: "title",
    spellcheck: false,
    "aria-label": "Name of the layer",
  });
  name.addEventListener("change", () => tell(() => ask(layerPath(id, "name"), "PUT", { value: name.value })));
  const remove = element("button", { type: "button", className: "small", textContent: "Remove" });
  remove.addEventListener("click", () => removeLayer());

  // The layer comes back as it was, and where it was, whatever else has changed since.
  const removeLayer = () =>
    tell(async () => {
      const { durable: gone, position: at } = layer;
      await ask(`/layers/${part(id)}`, "DELETE");
      const back = () => tell(() => ask("/layers", "POST", { ...gone, at })).then(() => toast(`${gone.name} is back.`));
      toast(`${gone.name} was removed.`, { label: "Bring it back", run: back });
    });

  // Every parameter to what its shader begins with. Opacity, blend mode and order are the operator's own.
  const resetAll = () =>
    tell(async () => {
      for (const { name: key, default: value } of layer.definitions) {
        const path = `${layerPath(id, "parameters")}/${part(key)}`;
        if (!sameValue(layer.durable.parameters[key], value)) await ask(path, "PUT", { value });
        if (key in (layer.live.parameters ?? {})) await ask(`/live${path}`, "DELETE");
      }
      toast(`${layer.durable.name} has its defaults. “Undo” at the top brings back what was there.`);
    });
  const reset = element("button", { type: "button", className: "small", textContent: "Reset", onclick: resetAll });

  const kind = element("span", { className: "quiet" });
  const fault = element("p", { className: "fault", hidden: true });
  const opacity = valueRow(
    {
      path: layerPath(id, "opacity"),
      livePath: `/live${layerPath(id, "opacity")}`,
      label: "Opacity",
      definition: opacityDefinition,
    },
    feed,
  );
  const rows = new Map();
  const parameters = element("div", { className: "rows" }, opacity.root);
  const root = element(
    "li",
    { className: "layer" },
    element("div", { className: "head" }, handle, enabled.root, name, up, down, reset, remove),
    element(
      "div",
      { className: "sub" },
      kind,
      element("code", { textContent: id }),
      element("label", { className: "blend" }, "Blend ", blend.root),
    ),
    fault,
    parameters,
  );
  root.dataset.layer = id;
  dragging(handle, () => root, move);

  const updateRows = (faults) => {
    const names = layer.definitions.map((definition) => definition.name);
    for (const [known, view] of rows) {
      if (names.includes(known)) continue;
      view.root.remove();
      rows.delete(known);
    }
    for (const definition of layer.definitions) {
      const key = definition.name;
      if (!(key in layer.durable.parameters)) continue;
      let view = rows.get(key);
      if (!view) {
        const path = `${layerPath(id, "parameters")}/${part(key)}`;
        view = valueRow({ path, livePath: `/live${path}`, label: definition.label ?? key, definition }, feed);
        rows.set(key, view);
        parameters.append(view.root);
      }
      view.update({
        durable: layer.durable.parameters[key],
        live: layer.live.parameters?.[key],
        problem: faults.get(parameterPath(id, key)),
      });
    }
  };

  return {
    root,
    update({ layer: now, faults }) {
      layer = now;
      const title = layer.durable.name;
      const place = row();
      handle.setAttribute(
        "aria-label",
        `Order of ${title}: ${place + 1} of ${layerCount()} from the top. Arrow keys move it.`,
      );
      handle.title = "Drag, or use the arrow keys";
      up.setAttribute("aria-label", `Move ${title} up`);
      down.setAttribute("aria-label", `Move ${title} down`);
      reset.setAttribute("aria-label", `Reset all parameters of ${title}`);
      remove.setAttribute("aria-label", `Remove ${title}`);
      enabled.root.firstElementChild.setAttribute("aria-label", `${title} on air`);
      set(up, "disabled", place === 0);
      set(down, "disabled", place === layerCount() - 1);
      if (document.activeElement !== name) set(name, "value", title);
      enabled.show(layer.effective.enabled);
      blend.show(layer.durable.blendMode);
      set(root.dataset, "enabled", layer.effective.enabled ? "yes" : "no");
      setText(kind, layer.isMissing ? `${layer.title} (missing)` : layer.title);
      const problem = faults.get(`layers.${id}`) ?? faults.get(memberPath(id, "package"));
      setText(
        fault,
        problem ??
          (layer.isMissing
            ? `The shader ${layer.durable.package} is not in the packages folder: the layer is drawn as a placeholder.`
            : ""),
      );
      set(fault, "hidden", fault.textContent === "");
      opacity.update({
        durable: layer.durable.opacity,
        live: layer.live.opacity,
        problem: faults.get(memberPath(id, "opacity")),
      });
      updateRows(faults);
    },
  };
}
