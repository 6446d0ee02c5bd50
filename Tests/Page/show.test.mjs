import assert from "node:assert/strict";
import { test } from "node:test";
import * as definitions from "../../Sources/ControlIngress/Page/definitions.mjs";
import { faults, notices } from "../../Sources/ControlIngress/Page/notices.mjs";
import { changeLines, changeWords, summary } from "../../Sources/ControlIngress/Page/paths.mjs";
import { dropIndex, keyTarget, position } from "../../Sources/ControlIngress/Page/reorder.mjs";
import { clearedLines, difference, freeID, layers, liveCount } from "../../Sources/ControlIngress/Page/show.mjs";

const bars = {
  id: "bars",
  name: "Bars",
  package: "colour-bars",
  enabled: true,
  opacity: 1,
  parameters: { brightness: 1 },
};
const plasma = {
  id: "plasma",
  name: "Plasma",
  package: "plasma",
  enabled: true,
  opacity: 0.6,
  parameters: { mix: 0.35 },
};
const packages = [
  { id: "plasma", title: "Plasma", parameters: [{ name: "mix", type: "double", min: 0, max: 1, default: 0.35 }] },
];
const show = (...list) => ({ layers: list, config: {} });

test("layers are drawn from the top, with live values over the durable ones", () => {
  const live = show({ id: "plasma", enabled: false, parameters: { mix: 0.9 } });
  const [top, bottom] = layers(show(bars, plasma), live, packages);
  assert.equal(top.id, "plasma");
  assert.equal(top.position, 1);
  assert.equal(top.effective.parameters.mix, 0.9);
  assert.equal(top.durable.parameters.mix, 0.35);
  assert.equal(top.effective.enabled, false);
  assert.equal(bottom.isMissing, true);
  assert.deepEqual(bottom.definitions, [{ name: "brightness", type: "double", default: 1 }]);
  assert.equal(liveCount(live), 2);
});

test("a forecast says which live values go", () => {
  const live = show(
    { id: "plasma", opacity: 1, parameters: { mix: 0.9 } },
    { id: "bars", parameters: { brightness: 0 } },
  );
  assert.deepEqual(clearedLines(live), ["3 live values cleared"]);
  assert.deepEqual(clearedLines(live, "bars"), ["1 live value cleared"]);
  assert.deepEqual(clearedLines(show()), []);
});

test("a new layer gets an id that is free", () => {
  assert.equal(freeID("plasma", []), "plasma");
  assert.equal(freeID("plasma", ["plasma", "plasma-2"]), "plasma-3");
});

test("the difference of two shows names what an operator would change", () => {
  const moved = { ...plasma, opacity: 1, parameters: { mix: 0.8 } };
  assert.deepEqual(changeLines(difference(show(bars, plasma), show(moved, bars))), [
    "order bars, plasma → plasma, bars",
    "opacity of plasma 0.6 → 1",
    "mix of plasma 0.35 → 0.8",
  ]);
  assert.deepEqual(changeLines(difference(show(bars), show(plasma))), ["layer bars removed", "layer plasma added"]);
  assert.deepEqual(difference(show(bars), show(bars)), []);
});

test("changes have words, and a summary begins with what is largest", () => {
  const change = (path, before, after) => ({ path, before, after });
  assert.equal(changeWords(change("config.frameRate", 50, 60)), "config.frameRate 50 → 60");
  assert.equal(changeWords(change("layers.a.b.parameters.mix", 0, 1)), "mix of a.b 0 → 1");
  assert.equal(changeWords(change("layers.a.enabled", true, false)), "on or off of a on → off");
  const list = [change("layers.a.opacity", 1, 0.5), change("layers.g", null, bars), change("packages.g", null, {})];
  assert.equal(summary(list), "layer g added, and 1 more");
  assert.equal(summary([]), "no difference");
  assert.equal(summary([change("packages.g", null, {})]), "shaders changed");
});

test("a parameter's definition decides its control and its step", () => {
  const kind = definitions.controlKind;
  assert.equal(kind({ type: "double", min: 0, max: 1 }), "slider");
  assert.equal(kind({ type: "double" }), "number");
  assert.equal(kind({ type: "int", choices: [{ value: 0, label: "a" }] }), "menu");
  assert.equal(kind({ type: "bool" }), "switch");
  assert.equal(kind({ type: "color", min: 0, max: 1 }), "colour");
  assert.equal(kind({ type: "point2D" }), "point");
  assert.equal(kind({ type: "string" }), "text");
  assert.equal(definitions.step({ type: "double", min: 0, max: 1 }), 0.01);
  assert.equal(definitions.step({ type: "double", min: 0, max: 360 }), 1);
  assert.equal(definitions.step({ type: "int", min: 0, max: 1000 }), 1);
  assert.equal(definitions.bound([0, 2], 1, 9), 2);
  assert.equal(definitions.bound(undefined, 1, 9), 9);
});

test("colours survive the way through the browser's colour well", () => {
  assert.equal(definitions.hexOf([1, 0.5, 0, 1]), "#ff8000");
  assert.equal(definitions.hexOf([2, -1, 0, 1]), "#ff0000");
  assert.equal(definitions.hexOf(definitions.colourOf("#12ab9f", 0.5)), "#12ab9f");
  assert.equal(definitions.colourOf("#12ab9f", 0.5)[3], 0.5);
});

test("a dragged layer lands between the middles of its neighbours", () => {
  const middles = [50, 150, 250];
  assert.equal(dropIndex(middles, 0, 60), 0);
  assert.equal(dropIndex(middles, 0, 151), 1);
  assert.equal(dropIndex(middles, 0, 251), 2);
  assert.equal(dropIndex(middles, 2, 40), 0);
  assert.equal(dropIndex(middles, 2, 149), 1);
  assert.equal(position(0, 3), 2);
});

test("keys move a layer within the stack only", () => {
  assert.equal(keyTarget("ArrowUp", 0, 3), null);
  assert.equal(keyTarget("ArrowDown", 0, 3), 1);
  assert.equal(keyTarget("End", 0, 3), 2);
  assert.equal(keyTarget("Home", 2, 3), 0);
  assert.equal(keyTarget("x", 1, 3), null);
});

test("a loss stays until it is acknowledged, with its files and the command", () => {
  const loss = { lost: ["2 layers"], files: ["/q/state.db"], command: "afterimage salvage", rung: "previous", at: "" };
  const persistence = {
    recoveredFrom: { from: "generation 3", rung: "previous", lost: [] },
    failover: null,
    ring: { suspect: 1 },
  };
  const list = notices({ loss, persistence });
  assert.deepEqual(
    list.map((notice) => notice.key),
    ["loss", "suspect"],
  );
  assert.equal(list[0].action, "acknowledge");
  assert.deepEqual(list[0].lines, ["Lost: 2 layers", "Look in: /q/state.db", "Type: afterimage salvage"]);
  assert.equal(notices({ loss: null, persistence })[0].key, "recovered");
});

test("faults are found at their place", () => {
  const found = faults({
    valuesOutOfRange: [{ path: "layers.a.parameters.mix", problem: "2 is above the maximum 1" }],
    persistence: { heldBack: [{ path: "layers.b", problem: "too large" }] },
  });
  assert.equal(found.get("layers.a.parameters.mix"), "2 is above the maximum 1");
  assert.equal(found.get("layers.b"), "Not stored: too large");
});
