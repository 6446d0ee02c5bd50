// A point on a pad, with a slider for each axis besides: the pad for the hand, the sliders for the keyboard.

import { step, tidy } from "./definitions.mjs";
import { element, set } from "./dom.mjs";

// Where a pointer over the pad points. The vertical axis grows upwards, as in the picture.
export function pointAt(event, box, bounds) {
  const part = (value) => Math.min(Math.max(value, 0), 1);
  const across = part((event.clientX - box.left) / box.width);
  const up = 1 - part((event.clientY - box.top) / box.height);
  return [across, up].map((share, axis) => {
    const { min, max } = bounds[axis];
    return Math.round((min + share * (max - min)) * 1000) / 1000;
  });
}

export function pad(bounds, label, onInput) {
  const dot = element("span", { className: "dot" });
  const area = element("div", { className: "pad", "aria-hidden": "true" }, dot);
  const axes = ["across", "up"].map((name, axis) =>
    element("input", { type: "range", ...bounds[axis], step: step(bounds[axis]), "aria-label": `${label}, ${name}` }),
  );
  let isHeld = false;
  let shown = [0, 0];

  const show = (point) => {
    shown = point;
    const share = point.map(
      (value, axis) => ((value - bounds[axis].min) / (bounds[axis].max - bounds[axis].min)) * 100,
    );
    dot.style.left = `${share[0]}%`;
    dot.style.bottom = `${share[1]}%`;
    for (const axis of [0, 1]) set(axes[axis], "value", String(point[axis]));
  };
  const follow = (event) => {
    const point = pointAt(event, area.getBoundingClientRect(), bounds);
    show(point);
    onInput(point);
  };
  area.addEventListener("pointerdown", (event) => {
    isHeld = true;
    area.setPointerCapture(event.pointerId);
    follow(event);
  });
  area.addEventListener("pointermove", (event) => isHeld && follow(event));
  const release = () => {
    isHeld = false;
  };
  for (const type of ["pointerup", "pointercancel"]) area.addEventListener(type, release);
  axes.forEach((input, axis) => {
    input.addEventListener("input", () => {
      const point = shown.with(axis, tidy(input.valueAsNumber));
      show(point);
      onInput(point);
    });
  });
  return {
    root: element("div", { className: "point" }, area, element("div", { className: "axes" }, ...axes)),
    show: (point) => !isHeld && show(point),
  };
}
