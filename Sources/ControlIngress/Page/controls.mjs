// One control for each kind of parameter. A control has `root`, `show(value)` for what the host says, and calls
// `onInput(value)` for what the operator does. While it is in the operator's hand it does not follow the host.

import { bound, colourOf, controlKind, hexOf, step, tidy } from "./definitions.mjs";
import { element, set } from "./dom.mjs";
import { pad } from "./pad.mjs";
import * as words from "./words.mjs";

function held(input) {
  let isHeld = false;
  const note = (value) => () => {
    isHeld = value;
  };
  for (const type of ["pointerdown", "touchstart"]) input.addEventListener(type, note(true));
  for (const type of ["pointerup", "pointercancel", "change", "blur"]) input.addEventListener(type, note(false));
  return () => isHeld;
}

function slider(definition, label, onInput) {
  const { min, max } = definition;
  const range = element("input", { type: "range", min, max, step: step(definition), "aria-label": label });
  const exact = element("input", { type: "number", min, max, step: "any", "aria-label": `${label}, as a number` });
  const isHeld = held(range);
  range.addEventListener("input", () => {
    exact.value = words.number(range.valueAsNumber);
    onInput(tidy(range.valueAsNumber));
  });
  exact.addEventListener("change", () => Number.isFinite(exact.valueAsNumber) && onInput(exact.valueAsNumber));
  return {
    root: element("div", { className: "slider" }, range, exact),
    show(value) {
      if (!isHeld()) set(range, "value", String(value));
      if (document.activeElement !== exact && !isHeld()) set(exact, "value", words.number(value));
    },
  };
}

function numberField(definition, label, onInput) {
  const field = element("input", {
    type: "number",
    step: definition.type === "int" ? "1" : "any",
    "aria-label": label,
  });
  field.addEventListener("change", () => Number.isFinite(field.valueAsNumber) && onInput(field.valueAsNumber));
  return {
    root: field,
    show: (value) => document.activeElement !== field && set(field, "value", words.number(value)),
  };
}

export function toggle(label, onInput) {
  const box = element("input", { type: "checkbox", role: "switch", "aria-label": label });
  box.addEventListener("change", () => onInput(box.checked));
  return {
    root: element("label", { className: "switch" }, box, element("span")),
    show: (value) => set(box, "checked", value === true),
  };
}

export function menu(choices, label, onInput) {
  const options = choices.map((choice) =>
    element("option", { value: String(choice.value), textContent: choice.label }),
  );
  const select = element("select", { "aria-label": label }, ...options);
  select.addEventListener("change", () => onInput(choices[select.selectedIndex].value));
  return {
    root: select,
    show: (value) => document.activeElement !== select && set(select, "value", String(value)),
    set: (value) => set(select, "value", String(value)),
  };
}

function colour(_definition, label, onInput) {
  const well = element("input", { type: "color", "aria-label": label });
  const alpha = element("input", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": `${label}, opacity` });
  const isHeld = [held(well), held(alpha)];
  const tell = () => onInput(colourOf(well.value, tidy(alpha.valueAsNumber)));
  well.addEventListener("input", tell);
  alpha.addEventListener("input", tell);
  return {
    root: element("div", { className: "colour" }, well, alpha),
    show(value) {
      if (isHeld.some((check) => check())) return;
      set(well, "value", hexOf(value));
      set(alpha, "value", String(value[3] ?? 1));
    },
  };
}

function point(definition, label, onInput) {
  const bounds = [0, 1].map((axis) => ({ min: bound(definition.min, axis, 0), max: bound(definition.max, axis, 1) }));
  return pad(bounds, label, onInput);
}

function text(_definition, label, onInput) {
  const field = element("input", { type: "text", "aria-label": label, spellcheck: false });
  field.addEventListener("change", () => onInput(field.value));
  return { root: field, show: (value) => document.activeElement !== field && set(field, "value", value) };
}

const makers = { slider, number: numberField, colour, point, text };

export function control(definition, label, onInput) {
  const kind = controlKind(definition);
  if (kind === "switch") return toggle(label, onInput);
  if (kind === "menu") return menu(definition.choices, label, onInput);
  return makers[kind](definition, label, onInput);
}
