// The show as the page draws it: durable state, live values over it, and the definitions of the packages. Pure.

import { count } from "./words.mjs";

export const blendModes = ["normal", "add", "multiply", "screen", "lighten", "darken", "difference"];

function overlaid(layer, live) {
  const effective = { ...layer, parameters: { ...layer.parameters, ...live?.parameters } };
  for (const member of ["opacity", "enabled"]) if (live && member in live) effective[member] = live[member];
  return effective;
}

// The layers from the top to the bottom, as they are stacked on the screen.
export function layers(durable, live, packages) {
  const liveOf = new Map(live.layers.map((layer) => [layer.id, layer]));
  const known = new Map(packages.map((item) => [item.id, item]));
  return durable.layers
    .map((layer, position) => {
      const over = liveOf.get(layer.id);
      const definition = known.get(layer.package);
      return {
        id: layer.id,
        position,
        durable: layer,
        live: over ?? {},
        effective: overlaid(layer, over),
        title: definition?.title ?? layer.package,
        isMissing: !definition,
        definitions: definition?.parameters ?? guessed(layer.parameters),
      };
    })
    .reverse();
}

// A layer whose shader is not there any more keeps its values, and controls without a range.
function guessed(parameters) {
  return Object.entries(parameters).map(([name, json]) => ({ name, type: typeOf(json), default: json }));
}

function typeOf(json) {
  if (typeof json === "boolean") return "bool";
  if (typeof json === "string") return "string";
  if (Array.isArray(json)) return json.length === 2 ? "point2D" : "color";
  return "double";
}

export function liveCount(live) {
  let sum = 0;
  for (const layer of live.layers) {
    sum += Object.keys(layer.parameters ?? {}).length;
    sum += ["opacity", "enabled"].filter((member) => member in layer).length;
  }
  return sum;
}

// What replaces the show, or one layer of it, clears the live values over it: lines for a forecast.
export function clearedLines(live, onlyLayer = null) {
  const number = liveCount(onlyLayer ? { layers: live.layers.filter((layer) => layer.id === onlyLayer) } : live);
  return number ? [`${count(number, "live value")} cleared`] : [];
}

// An id for a new layer of a package: the package's name, with a number if it is taken.
export function freeID(packageID, taken) {
  const base = packageID.slice(0, 56);
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

// What the show would change to become another state: as the host's own difference, with the same paths.
export function difference(from, to) {
  const changes = [];
  const note = (path, before, after) => {
    if (JSON.stringify(before ?? null) !== JSON.stringify(after ?? null)) changes.push({ path, before, after });
  };
  const earlier = new Map(from.layers.map((layer) => [layer.id, layer]));
  const later = new Map(to.layers.map((layer) => [layer.id, layer]));
  for (const [id, layer] of earlier) if (!later.has(id)) note(`layers.${id}`, layer, null);
  for (const [id, layer] of later) {
    const before = earlier.get(id);
    if (!before) {
      note(`layers.${id}`, null, layer);
      continue;
    }
    for (const member of ["name", "package", "enabled", "opacity", "blendMode"]) {
      note(`layers.${id}.${member}`, before[member], layer[member]);
    }
    for (const name of new Set([...Object.keys(before.parameters), ...Object.keys(layer.parameters)])) {
      note(`layers.${id}.parameters.${name}`, before.parameters[name], layer.parameters[name]);
    }
  }
  const common = (state) => state.layers.map((layer) => layer.id).filter((id) => earlier.has(id) && later.has(id));
  note("layers", common(from), common(to));
  for (const name of Object.keys(to.config ?? {})) note(`config.${name}`, from.config?.[name], to.config[name]);
  return changes;
}
