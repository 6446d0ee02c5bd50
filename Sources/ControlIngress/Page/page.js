"use strict";

// Looks at the host once a second and writes down what it says. Every text from the host goes in as text, never as markup.

const words = {
  saved: "Saved",
  pending: "Saved soon",
  storing: "Storing",
  retrying: "Could not store, trying again",
  failing: "Storing fails",
  readOnly: "The disk can't be written",
  stopped: "Stopped",
};
const shownGenerations = 64;
const patience = 5000;

const place = (id) => document.getElementById(id);

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function ask(path) {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(patience) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

function seconds(milliseconds) {
  const whole = Math.round(milliseconds / 1000);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function bytes(count) {
  return count < 1 << 20 ? `${(count / 1024).toFixed(0)} KiB` : `${(count / (1 << 20)).toFixed(1)} MiB`;
}

// A loss shows in the place of every state that would look well.
const wellStates = ["saved", "pending", "storing"];

function showState({ persistence, loss }) {
  const error = persistence.lastError;
  const isLoss = loss && wellStates.includes(persistence.state);
  const word = isLoss ? "Something was lost" : (words[persistence.state] ?? persistence.state);
  place("state").dataset.state = isLoss ? "loss" : persistence.state;
  place("word").textContent = word;
  place("unsaved").textContent = persistence.unsavedChanges
    ? `Unsaved changes: ${persistence.unsavedRequests}, the oldest for ${seconds(persistence.oldestUnsavedAgeMs)}.`
    : loss ? "Everything that was accepted since is on disk." : "Everything that was accepted is on disk.";
  place("why").textContent = error
    ? `${error.message} (failing for ${seconds(error.failingForMs ?? 0)}, ${error.attempts} attempts)`
    : "";
  place("remedy").textContent = error?.remedy ?? "";
  document.title = `${word} – Afterimage`;
}

function notices({ persistence, loss }) {
  const list = [];
  if (persistence.unsavedChanges && persistence.lastError) {
    list.push("Do not stop the host: the unsaved changes are in its memory only. Save show.json, below, first.");
  }
  const recovered = persistence.recoveredFrom;
  if (recovered) list.push(`The show was recovered from ${recovered.from} (${recovered.rung}).`);
  if (loss) {
    list.push(`Found at ${loss.at}, not acknowledged yet.`);
    for (const lost of loss.lost) list.push(`Lost: ${lost}`);
    for (const file of loss.files) list.push(`Look in: ${file}`);
    list.push(`Type: ${loss.command}`, "When that is settled, type: afterimage --data-dir DIR acknowledge");
  } else if (recovered) {
    for (const lost of recovered.lost) list.push(`Lost, and acknowledged: ${lost}`);
  }
  if (persistence.failover) {
    list.push(`The data folder takes nothing; the show is stored in ${persistence.failover.folder}.`);
  }
  for (const held of persistence.heldBack) list.push(`Held back from storing: ${held.path}: ${held.problem}`);
  if (persistence.walAlarm) {
    const holders = persistence.walPinnedBy.join(", ") || "a program that reads it";
    list.push(`The log grows and can't be emptied: ${holders} holds it.`);
  }
  if (persistence.storeTrouble && !persistence.lastError) list.push(persistence.storeTrouble.message);
  if (persistence.ring.suspect > 0) {
    list.push(`Suspect generations, on which the host crashed: ${persistence.ring.suspect}`);
  }
  return list;
}

function showNotices(health) {
  const list = notices(health);
  place("notices").hidden = list.length === 0;
  place("notices").replaceChildren(...list.map((text) => element("li", text)));
}

function showFacts(health) {
  const { persistence, video, osc } = health;
  const ring = persistence.ring;
  const facts = [
    ["Stored", `generation ${persistence.storedGeneration ?? "none"}, ${persistence.lastStoredAt ?? "not yet"}`],
    ["Proven", persistence.provenGeneration ? `generation ${persistence.provenGeneration}` : "none yet"],
    ["Ring", `${ring.count} of ${ring.capacity}, ${ring.pinned} pinned`],
    ["Database and log", `${bytes(persistence.databaseBytes)} and ${bytes(persistence.walBytes)}`],
    ["OSC", `${osc.messages} messages, ${osc.refused + osc.badPackets} refused`],
    ["Version", `${health.version}, since ${health.startedAt}`],
  ];
  place("facts").replaceChildren(...facts.flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
  place("frames").textContent = `${video.completed} frames on time, ${video.displayedLate} late, ${video.dropped} dropped`;
}

function row(generation) {
  const made = document.createElement("tr");
  const marks = document.createElement("td");
  for (const mark of ["current", "proven", "suspect"]) {
    if (generation[mark]) marks.append(element("span", mark, `mark ${mark}`));
  }
  if (generation.pinned) marks.append(element("span", `pinned: ${generation.pinned}`, "mark pinned"));
  made.append(
    element("td", generation.id), marks, element("td", generation.storedAt.replace("T", " ").replace("Z", "")),
    element("td", generation.origin), element("td", generation.reason, "words"), element("td", generation.actor),
    element("td", generation.layers),
  );
  return made;
}

function showGenerations(generations) {
  place("generations").replaceChildren(...generations.slice(0, shownGenerations).map(row));
  const more = generations.length - shownGenerations;
  place("more").textContent = more > 0 ? `${more} older ones: see the list command below` : "";
}

function showSilence(error, since) {
  place("state").dataset.state = "silent";
  place("word").textContent = "The host does not answer";
  place("unsaved").textContent = `for ${seconds(Date.now() - since)}. What stands below is from before.`;
  place("why").textContent = String(error);
  place("remedy").textContent = "Look at its journal, or type: afterimage --data-dir DIR doctor";
  document.title = "No answer – Afterimage";
}

let answeredAt = Date.now();

async function look() {
  try {
    const health = await ask("api/v1/health");
    showState(health);
    showNotices(health);
    showFacts(health);
    answeredAt = Date.now();
    place("preview").src = `api/v1/preview.png?at=${answeredAt}`;
    showGenerations((await ask("api/v1/generations")).generations);
  } catch (error) {
    if (Date.now() - answeredAt > 1500) showSilence(error, answeredAt);
  }
  setTimeout(look, 1000);
}

place("where").textContent = location.host;
look();
