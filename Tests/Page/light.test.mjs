import assert from "node:assert/strict";
import { test } from "node:test";
import { light, patienceMs, shapes, wouldBeLost } from "../../Sources/ControlIngress/Page/light.mjs";

const error = { message: "the disk is full", remedy: "Free some space.", nextRetryInMs: 5000, attempts: 4 };

function health(state, more = {}, outside = {}) {
  const persistence = { state, oldestUnsavedAgeMs: 0, unsavedRequests: 0, unsavedChanges: false, lastError: null };
  return { loss: null, persistence: { ...persistence, ...more }, ...outside };
}

const table = [
  ["saved", health("saved"), "saved", "good"],
  ["pending and young", health("pending", { oldestUnsavedAgeMs: patienceMs }), "saving", "busy"],
  ["pending and old", health("pending", { oldestUnsavedAgeMs: patienceMs + 1 }), "unsaved", "warn"],
  ["storing", health("storing"), "saving", "busy"],
  ["retrying", health("retrying", { lastError: error }), "unsaved", "warn"],
  ["failing", health("failing", { lastError: error }), "failing", "bad"],
  ["read-only", health("readOnly", { lastError: error }), "readOnly", "bad"],
  ["stopped", health("stopped"), "stopped", "bad"],
  ["a loss behind a saved state", health("saved", {}, { loss: {} }), "loss", "warn"],
  ["a failure before a loss", health("failing", { lastError: error }, { loss: {} }), "failing", "bad"],
  ["no writer yet", { persistence: null }, "starting", "busy"],
  ["no answer yet", null, "starting", "busy"],
];

for (const [name, given, key, tone] of table) {
  test(`the light for: ${name}`, () => {
    const look = light(given);
    assert.equal(look.key, key);
    assert.equal(look.tone, tone);
    assert.ok(shapes[look.shape]);
  });
}

test("a host that does not answer is gone, whatever it said last", () => {
  const look = light(health("saved"), 12_000);
  assert.equal(look.word, "Host gone");
  assert.equal(look.since, "for 12 s");
});

test("a failure says for how long, why, when the next try comes and what to do", () => {
  const look = light(health("failing", { lastError: error, unsavedChanges: true, oldestUnsavedAgeMs: 12_000 }));
  assert.equal(look.since, "for 12 s");
  assert.equal(look.why, "the disk is full. Next try in 5.0 s.");
  assert.match(look.remedy, /^Free some space\. Do not stop the host/);
});

test("states of one tone differ in word and shape, for those who cannot tell the tones apart", () => {
  const looks = table.map(([, given]) => light(given)).concat(light(null, 5000));
  const byKey = new Map(looks.map((look) => [look.key, look]));
  const words = [...byKey.values()].map((look) => look.word);
  assert.equal(new Set(words).size, words.length);
  const bad = [...byKey.values()].filter((look) => look.tone === "bad").map((look) => look.shape);
  assert.equal(new Set(bad).size, bad.length);
});

test("what would be lost comes from the host where it knows", () => {
  const waiting = health("pending", { unsavedRequests: 3, oldestUnsavedAgeMs: 400 });
  assert.deepEqual(wouldBeLost(waiting), [{ when: "If the host died now", what: "3 changes, 0.4 s" }]);
  assert.equal(wouldBeLost({ ...waiting, liveValues: { count: 2 } })[0].what, "3 changes, 0.4 s, and 2 live values");
  assert.equal(wouldBeLost(health("saved", {}, { liveValues: { count: 1 } }))[0].what, "1 live value");
  const recorded = { ...waiting, ifProcessDiedNow: { changes: 0 }, ifPowerFailedNow: { changes: 1, ageMs: 2000 } };
  assert.deepEqual(wouldBeLost(recorded), [
    { when: "If the process died now", what: "nothing" },
    { when: "If the power failed now", what: "1 change, 2.0 s" },
  ]);
});
