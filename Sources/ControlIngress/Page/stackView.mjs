// The stack of layers, the bar of live values, and the form for a new layer.

import { ask } from "./ask.mjs";
import { element, reconcile, set, setText } from "./dom.mjs";
import { layerView } from "./layerView.mjs";
import { faults } from "./notices.mjs";
import { freeID, layers, liveCount } from "./show.mjs";
import { complain, toast } from "./toast.mjs";
import { count } from "./words.mjs";

const place = (id) => document.getElementById(id);

function drawLive(model) {
  const number = liveCount(model.live);
  place("live").hidden = number === 0;
  const verb = number === 1 ? "is" : "are";
  setText(place("live-count"), `${count(number, "live value")} ${verb} on air, but not part of the show.`);
}

function drawPackages(model) {
  const select = place("new-package");
  const ids = model.packages.map((item) => item.id).join(" ");
  if (select.dataset.ids === ids) return;
  select.dataset.ids = ids;
  select.replaceChildren(
    ...model.packages.map((item) => element("option", { value: item.id, textContent: item.title })),
  );
}

async function act(feed, path, words) {
  try {
    await ask(path, "POST", {});
    toast(words);
  } catch (error) {
    complain(error);
  }
  feed.refresh("show", "health");
}

async function addLayer(event, model, feed) {
  event.preventDefault();
  const found = model.packages.find((item) => item.id === place("new-package").value);
  if (!found) return;
  const id = freeID(
    found.id,
    model.durable.layers.map((layer) => layer.id),
  );
  const name = place("new-name").value.trim() || found.title;
  try {
    await ask("/layers", "POST", { id, name, package: found.id });
    place("new-name").value = "";
    toast(`${name} was added on top.`);
  } catch (error) {
    complain(error);
  }
  feed.refresh("show");
}

export function stackView(model, feed) {
  const views = new Map();
  const draw = () => {
    drawPackages(model);
    if (!model.durable) return;
    drawLive(model);
    const found = faults(model.health);
    const items = layers(model.durable, model.live, model.packages).map((layer) => ({ layer, faults: found }));
    reconcile(place("layers"), views, items, keyOf, ({ layer }) => layerView(layer, model, feed));
    set(place("no-layers"), "hidden", items.length > 0);
  };
  // Another package has other parameters: its layer is drawn from scratch.
  const keyOf = ({ layer }) => `${layer.id} ${layer.durable.package} ${layer.isMissing}`;
  place("live-store").addEventListener("click", () =>
    act(feed, "/live/store", "The live values are part of the show now."),
  );
  place("live-clear").addEventListener("click", () => act(feed, "/live/clear", "The live values were cleared."));
  place("add").addEventListener("submit", (event) => addLayer(event, model, feed));
  model.on(["show", "packages", "health"], draw);
}
