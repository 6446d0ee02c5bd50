// Generations in words an operator uses. Pure.

const reasons = {
  "parameter.set": "a parameter was set",
  "opacity.set": "an opacity was set",
  "enabled.set": "a layer was switched",
  "blendMode.set": "a blend mode was set",
  "layer.add": "a layer was added",
  "layer.remove": "a layer was removed",
  "layer.move": "layers were reordered",
  "layer.rename": "a layer was renamed",
  "config.set": "settings were changed",
  "live.store": "live values were stored",
  "live.settle": "live values settled",
  "preset.load": "a preset was loaded",
  "packages.reload": "shaders were reloaded",
  demo: "the demo show",
};

const origins = {
  initial: "the first start",
  mutation: "a change",
  rollback: "a rollback",
  import: "an import",
  recovery: "a recovery",
  recorder: "resumed after a crash",
};

export function reasonWords({ reason, origin }) {
  if (!reason) return origins[origin] ?? origin;
  return reasons[reason] ?? reason;
}

// A port of this machine names nobody: it is left out.
export function actorWords(actor) {
  const address = /^(http|osc):(.*?)(?::\d+)?$/.exec(actor ?? "");
  if (!address) return actor === "host" ? "the host" : (actor ?? "");
  const isHere = /^(127\.|\[?::1\]?$|localhost)/.test(address[2]);
  const way = address[1] === "osc" ? "OSC" : "the page or a script";
  return isHere ? way : `${way}, ${address[2]}`;
}

export function marks(generation) {
  const list = [];
  if (generation.current) list.push({ kind: "current", words: "current", meaning: "The newest stored generation" });
  if (generation.proven) {
    list.push({ kind: "proven", words: "proven", meaning: "The host ran healthily on it for the proving time" });
  }
  if (generation.suspect) list.push({ kind: "suspect", words: "suspect", meaning: "The host crashed on it" });
  if (generation.damaged) list.push({ kind: "suspect", words: "damaged", meaning: "It fails its checksums" });
  if (generation.pinned)
    list.push({ kind: "pinned", words: `pinned: ${generation.pinned}`, meaning: "Kept until it is unpinned" });
  return list;
}

// What the selection of the list compares: one with the show, two with each other.
export function comparison(selected) {
  const ids = [...selected].sort((left, right) => left - right);
  if (ids.length === 2) return { from: ids[0], to: ids[1] };
  return ids.length === 1 ? { from: ids[0] } : null;
}

// At most two are selected: a third one takes the place of the older selection.
export function toggled(selected, id) {
  if (selected.includes(id)) return selected.filter((other) => other !== id);
  return [...selected, id].slice(-2);
}
