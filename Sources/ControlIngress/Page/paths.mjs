// Paths of the show, such as `layers.plasma.parameters.mix`, and their words. Pure.

import { value } from "./words.mjs";

export function parameterPath(layer, name) {
  return `layers.${layer}.parameters.${name}`;
}

export function memberPath(layer, member) {
  return `layers.${layer}.${member}`;
}

const members = { opacity: "opacity", enabled: "on or off", blendMode: "blend mode", name: "name", package: "shader" };

// An id may have dots in it; the names of members do not.
function parts(path) {
  const parameter = /^layers\.(.+?)\.parameters\.(.+)$/.exec(path);
  if (parameter) return { layer: parameter[1], member: parameter[2] };
  const member = /^layers\.(.+)\.(opacity|enabled|blendMode|name|package)$/.exec(path);
  if (member) return { layer: member[1], member: members[member[2]] };
  const layer = /^layers\.(.+)$/.exec(path);
  if (layer) return { layer: layer[1] };
  return { place: path };
}

const isShader = ({ path }) => path.startsWith("packages.");

// One change in words: "mix of plasma 0.35 → 0.8".
export function changeWords({ path, before, after }) {
  if (path === "layers") {
    return `order ${list(before)} → ${list(after)}`;
  }
  const { layer, member, place } = parts(path);
  if (place) return `${place} ${value(before)} → ${value(after)}`;
  if (member) return `${member} of ${layer} ${value(before)} → ${value(after)}`;
  if (before === null || before === undefined) return `layer ${layer} added`;
  if (after === null || after === undefined) return `layer ${layer} removed`;
  return `layer ${layer} changed`;
}

function list(ids) {
  return Array.isArray(ids) ? ids.map((id) => (typeof id === "string" ? id : (id?.id ?? "?"))).join(", ") : value(ids);
}

// Layers that come and go, and their order, before single values.
function rank({ path }) {
  if (path === "layers") return 1;
  return /^layers\.[^.]+$/.test(path) ? 0 : 2;
}

// Shader files come and go with their layers; they would only repeat what the layer says.
export function changeLines(changes) {
  const shown = changes.filter((change) => !isShader(change));
  return shown.sort((left, right) => rank(left) - rank(right)).map(changeWords);
}

// "mix of plasma 0.35 → 0.8, and 3 more"
export function summary(changes) {
  const lines = changeLines(changes);
  if (!lines.length) return changes.length ? "shaders changed" : "no difference";
  return lines.length === 1 ? lines[0] : `${lines[0]}, and ${lines.length - 1} more`;
}
