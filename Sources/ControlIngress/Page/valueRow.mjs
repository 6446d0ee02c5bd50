// One value of a layer: its name, its control, whether it is durable, live or moving, and a fault where it is.

import { ask } from "./ask.mjs";
import { control } from "./controls.mjs";
import { sameValue } from "./definitions.mjs";
import { element, set, setText } from "./dom.mjs";
import { Newest } from "./newest.mjs";

// How long a live value counts as moving after its last change: the runtime settles after as long.
const movingMs = 500;

let rowCount = 0;

// The row says itself which value it is: the path at the head of the host's words is left out.
const refused = (error) => `Refused: ${error.message.replace(/^layers\.\S+: /, "")}`;

function button(label, title, onclick) {
  return element("button", {
    type: "button",
    className: "small",
    textContent: label,
    title,
    "aria-label": title,
    onclick,
  });
}

// `target`: `path` for the durable value, `livePath` for the live one (null where there is none), `label`, `definition`.
export function valueRow(target, feed) {
  const { definition, label } = target;
  rowCount += 1;
  const id = `row-${rowCount}`;
  const badge = element("span", { className: "badge", hidden: true });
  const fault = element("p", { className: "fault", id: `${id}-fault`, hidden: true });
  let isLive = false;
  let latest = null;
  let changedAt = 0;
  let refusal = "";
  let standing = "";
  let calming = 0;

  const drawFault = () => {
    setText(fault, refusal || standing);
    set(fault, "hidden", fault.textContent === "");
  };
  const sending = new Newest(async (value) => {
    try {
      await ask(target.path, "PUT", { value });
      if (isLive) await ask(target.livePath, "DELETE");
      refusal = "";
    } catch (error) {
      refusal = refused(error);
    }
    drawFault();
  });
  // Once the hand is off, the control shows what the host says: after a refusal, too.
  const send = async (value) => {
    await sending.put(value);
    if (!sending.isBusy) await feed.refresh("show");
  };
  const drop = async () => {
    try {
      await ask(target.livePath, "DELETE");
      refusal = "";
    } catch (error) {
      refusal = refused(error);
    }
    drawFault();
    feed.refresh("show");
  };
  const widget = control(definition, label, send);
  const store = button("Store", `Store the live value of ${label}`, () => send(latest));
  const forget = button("Drop", `Drop the live value of ${label}`, drop);
  const reset = button("↺", `Reset ${label} to its default`, () => send(definition.default));
  const root = element(
    "div",
    { className: "row", role: "group", "aria-label": label, "aria-describedby": fault.id },
    element("span", { className: "name", textContent: label, title: definition.name ?? "" }),
    badge,
    element("span", { className: "buttons" }, store, forget, reset),
    widget.root,
    fault,
  );
  root.dataset.path = target.path;

  const drawBadge = () => {
    const isMoving = isLive && Date.now() - changedAt < movingMs;
    set(badge, "hidden", !isLive);
    setText(badge, isMoving ? "moving" : "live");
    badge.title = "On air, but not part of the show until it is stored";
    set(badge.dataset, "kind", isMoving ? "moving" : "live");
  };
  return {
    root,
    update({ durable, live, problem }) {
      const value = live === undefined ? durable : live;
      if (!sameValue(value, latest)) changedAt = latest === null ? 0 : Date.now();
      latest = value;
      isLive = live !== undefined;
      if (!sending.isBusy) widget.show(value);
      drawBadge();
      if (isLive) {
        clearTimeout(calming);
        calming = setTimeout(drawBadge, movingMs + 20);
      }
      set(store, "hidden", !isLive);
      set(forget, "hidden", !isLive);
      set(reset, "disabled", definition.default === undefined || sameValue(durable, definition.default));
      set(root.dataset, "kind", isLive ? "live" : "durable");
      standing = problem ?? "";
      drawFault();
    },
  };
}
