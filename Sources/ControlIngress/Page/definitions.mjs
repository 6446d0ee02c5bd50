// Which control a parameter gets, and with which numbers. Pure.

export function controlKind(definition) {
  const { type, min, max, choices } = definition;
  if (choices?.length) return "menu";
  if (type === "bool") return "switch";
  if (type === "color") return "colour";
  if (type === "point2D") return "point";
  if (type === "string") return "text";
  return typeof min === "number" && typeof max === "number" && max > min ? "slider" : "number";
}

// A step of a power of ten, at least 100 of them in the range; whole numbers for ints.
export function step(definition) {
  if (definition.type === "int") return 1;
  const range = definition.max - definition.min;
  return 10 ** Math.floor(Math.log10(range / 100) + 1e-9);
}

// The bound of one component, where one number bounds them all.
export function bound(bounds, index, otherwise) {
  if (typeof bounds === "number") return bounds;
  return bounds?.[index] ?? otherwise;
}

// Without the dust of binary fractions: 0.1 + 0.2 is 0.3.
export function tidy(value) {
  return Math.round(value * 1e6) / 1e6;
}

export function hexOf(colour) {
  const byte = (part) => Math.round(Math.min(Math.max(part, 0), 1) * 255);
  return `#${colour
    .slice(0, 3)
    .map((part) => byte(part).toString(16).padStart(2, "0"))
    .join("")}`;
}

export function colourOf(hex, alpha) {
  const parts = [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255);
  return [...parts.map((part) => Math.round(part * 10000) / 10000), alpha];
}

export function sameValue(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}
