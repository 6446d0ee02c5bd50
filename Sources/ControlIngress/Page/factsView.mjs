// Figures for those who look closer.

import { element, setText } from "./dom.mjs";
import { bytes, count, localTime } from "./words.mjs";

function facts(health) {
  const { persistence, osc } = health;
  const ring = persistence?.ring;
  const list = [["Version", `${health.version}, started ${localTime(Date.parse(health.startedAt), Date.now())}`]];
  if (persistence) {
    list.push(["Newest generation", `${persistence.storedGeneration ?? "none"}`]);
    list.push(["Proven generation", `${persistence.provenGeneration ?? "none yet"}`]);
    list.push(["Database and log", `${bytes(persistence.databaseBytes ?? 0)} and ${bytes(persistence.walBytes ?? 0)}`]);
  }
  if (ring) list.push(["History", `${count(ring.count, "generation")} of ${ring.capacity}, ${ring.pinned} pinned`]);
  if (osc)
    list.push(["OSC", `${count(osc.messages, "message")}, ${osc.refused} refused, ${osc.badPackets} bad packets`]);
  for (const refusal of osc?.lastRefusals ?? []) {
    list.push(["OSC refused", [refusal.address, refusal.sender, refusal.reason].filter(Boolean).join(", ")]);
  }
  return list;
}

export function factsView(model) {
  const root = document.getElementById("facts");
  model.on(["health"], () => {
    if (!model.health) return;
    const list = facts(model.health);
    while (root.children.length > list.length * 2) root.lastElementChild.remove();
    while (root.children.length < list.length * 2) root.append(element("dt"), element("dd"));
    list.forEach(([name, value], index) => {
      setText(root.children[index * 2], name);
      setText(root.children[index * 2 + 1], value);
    });
  });
}
