// The state light: one word, one shape and one tone for the state of storing. Pure.

import { count, duration } from "./words.mjs";

// Below this age an unsaved change is on its way: the writer's max delay is 2 s.
export const patienceMs = 3000;

export const shapes = {
  circle: "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20zM10.5 16.5l-4.3-4.3 1.7-1.7 2.6 2.6 5.6-5.6 1.7 1.7z",
  ring: "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20zm0 4a6 6 0 1 1 0 12a6 6 0 1 1 0-12z",
  triangle: "M12 1.5L23.5 22H.5zM11 9v6h2V9zm0 7.5v2.2h2v-2.2z",
  octagon:
    "M7.6 1.5h8.8l6.1 6.1v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6zM8 6.4L6.4 8l4 4-4 4L8 17.6l4-4 4 4 1.6-1.6-4-4 4-4L16 6.4l-4 4z",
  lock: "M6 10V8a6 6 0 0 1 12 0v2h2v12H4V10zm3 0h6V8a3 3 0 0 0-6 0z",
  diamond: "M12 1l11 11-11 11L1 12zM11 7v6h2V7zm0 7.5v2.2h2v-2.2z",
  square: "M3 3h18v18H3z",
  gap: "M2 10h6v4H2zm14 0h6v4h-6zM10.5 3h3l-1 7h3l-4.5 11 1-8h-3z",
};

const looks = {
  saved: { word: "Saved", shape: "circle", tone: "good" },
  saving: { word: "Saving", shape: "ring", tone: "busy" },
  unsaved: { word: "Unsaved", shape: "triangle", tone: "warn" },
  failing: { word: "Failing", shape: "octagon", tone: "bad" },
  readOnly: { word: "Read-only", shape: "lock", tone: "bad" },
  loss: { word: "Something was lost", shape: "diamond", tone: "warn" },
  stopped: { word: "Stopped", shape: "square", tone: "bad" },
  starting: { word: "Starting", shape: "ring", tone: "busy" },
  gone: { word: "Host gone", shape: "gap", tone: "bad" },
};

function key(health) {
  const persistence = health.persistence;
  if (!persistence) return "starting";
  const { state, oldestUnsavedAgeMs: ageMs } = persistence;
  if (state === "failing" || state === "readOnly" || state === "stopped") return state;
  if (state === "retrying" || ageMs > patienceMs) return "unsaved";
  if (health.loss) return "loss";
  return state === "saved" ? "saved" : "saving";
}

const lossWords = ({ changes, ageMs }) => (changes ? `${count(changes, "change")}, ${duration(ageMs)}` : "nothing");

// What would be lost now, in words. The host says it itself when it can, since it knows its crash recorder; else what is
// unsaved and what is live would be.
export function wouldBeLost(health) {
  const { ifProcessDiedNow: died, ifPowerFailedNow: power, persistence, liveValues } = health;
  if (!died && !power)
    return persistence ? [{ when: "If the host died now", what: inMemory(persistence, liveValues) }] : [];
  return [
    died && { when: "If the process died now", what: lossWords(died) },
    power && { when: "If the power failed now", what: lossWords(power) },
  ].filter(Boolean);
}

function inMemory({ unsavedRequests: changes, oldestUnsavedAgeMs: ageMs }, liveValues) {
  if (!liveValues?.count) return lossWords({ changes, ageMs });
  const live = count(liveValues.count, "live value");
  return changes ? `${lossWords({ changes, ageMs })}, and ${live}` : live;
}

// `goneMs`: for how long the host has not answered; 0 while it does.
export function light(health, goneMs = 0) {
  if (goneMs || !health) {
    const look = goneMs ? looks.gone : looks.starting;
    return {
      key: goneMs ? "gone" : "starting",
      ...look,
      since: goneMs ? `for ${duration(goneMs)}` : "",
      why: goneMs ? "The host does not answer. This page shows what it said last, and tries again every second." : "",
      remedy: goneMs ? "If it does not come back: look at the host's journal, or type “afterimage doctor”." : "",
    };
  }
  const kind = key(health);
  const persistence = health.persistence;
  const error = persistence?.lastError;
  const isUnsaved = kind === "unsaved" || kind === "failing" || kind === "readOnly";
  const retry = error?.nextRetryInMs != null ? ` Next try in ${duration(error.nextRetryInMs)}.` : "";
  const held = persistence?.unsavedChanges && error ? " Do not stop the host: only its memory has these changes." : "";
  return {
    key: kind,
    ...looks[kind],
    since: isUnsaved && persistence.unsavedChanges ? `for ${duration(persistence.oldestUnsavedAgeMs)}` : "",
    why: error ? `${error.message}.${retry}`.replace("..", ".") : "",
    remedy: error ? `${error.remedy ?? ""}${held}`.trim() : "",
  };
}
