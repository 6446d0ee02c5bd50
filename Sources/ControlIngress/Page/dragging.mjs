// Dragging a layer by its handle, with mouse, pen or finger. Escape puts it back.

import { dropIndex } from "./reorder.mjs";

// `rowOf()` is the layer's element; `move(index)` is called with its new place from the top.
export function dragging(handle, rowOf, move) {
  let drag = null;

  const rows = () => [...rowOf().parentElement.children];
  const mark = (list, index) => {
    const others = list.filter((row) => row !== rowOf());
    for (const row of list) delete row.dataset.drop;
    if (index < others.length) others[index].dataset.drop = "before";
    else if (others.length) others.at(-1).dataset.drop = "after";
  };
  const end = () => {
    for (const row of rows()) delete row.dataset.drop;
    delete rowOf().dataset.dragged;
    rowOf().style.translate = "";
    drag = null;
    removeEventListener("keydown", cancel, true);
  };
  const cancel = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    const list = rows();
    drag = { from: list.indexOf(rowOf()), to: list.indexOf(rowOf()), startY: event.clientY };
    rowOf().dataset.dragged = "yes";
    addEventListener("keydown", cancel, true);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const list = rows();
    const middles = list.map((row) => {
      const box = row.getBoundingClientRect();
      return box.top + box.height / 2;
    });
    rowOf().style.translate = `0 ${event.clientY - drag.startY}px`;
    drag.to = dropIndex(middles, drag.from, event.clientY);
    mark(list, drag.to);
  });
  handle.addEventListener("pointerup", () => {
    if (!drag) return;
    const { from, to } = drag;
    end();
    if (from !== to) move(to);
  });
  handle.addEventListener("pointercancel", () => drag && end());
}
