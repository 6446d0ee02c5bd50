import assert from "node:assert/strict";
import { test } from "node:test";
import { actorWords, comparison, marks, reasonWords, toggled } from "../../Sources/ControlIngress/Page/history.mjs";
import { Newest, Repeater } from "../../Sources/ControlIngress/Page/newest.mjs";
import { pointAt } from "../../Sources/ControlIngress/Page/pad.mjs";

test("actors and reasons are words of an operator", () => {
  assert.equal(actorWords("osc:192.168.1.20:9000"), "OSC, 192.168.1.20");
  assert.equal(actorWords("osc:127.0.0.1:9000"), "OSC");
  assert.equal(actorWords("http:[::1]:9000"), "the page or a script");
  assert.equal(actorWords("http:10.0.0.5:50123"), "the page or a script, 10.0.0.5");
  assert.equal(actorWords("host"), "the host");
  assert.equal(actorWords("afterimage (ada)"), "afterimage (ada)");
  assert.equal(reasonWords({ reason: "parameter.set" }), "a parameter was set");
  assert.equal(reasonWords({ reason: "undo to generation 3" }), "undo to generation 3");
  assert.equal(reasonWords({ reason: "", origin: "recorder" }), "resumed after a crash");
});

test("every mark has a word of its own", () => {
  const all = marks({ current: true, proven: true, suspect: true, pinned: "opening" });
  assert.deepEqual(
    all.map((mark) => mark.words),
    ["current", "proven", "suspect", "pinned: opening"],
  );
});

test("one selected generation is compared with the show, two with each other, and never three", () => {
  assert.equal(comparison([]), null);
  assert.deepEqual(comparison([5]), { from: 5 });
  assert.deepEqual(comparison([9, 5]), { from: 5, to: 9 });
  assert.deepEqual(toggled([1, 2], 3), [2, 3]);
  assert.deepEqual(toggled([1, 2], 1), [2]);
});

test("a slider that is dragged fast sends the newest value and does not queue up", async () => {
  const sent = [];
  const gates = [];
  const newest = new Newest((value) => {
    sent.push(value);
    return new Promise((done) => gates.push(done));
  });
  const first = newest.put(1);
  newest.put(2);
  newest.put(3);
  assert.equal(newest.isBusy, true);
  gates[0]();
  await Promise.resolve();
  await Promise.resolve();
  gates[1]();
  await first;
  assert.deepEqual(sent, [1, 3]);
  assert.equal(newest.isBusy, false);
});

test("a reader that is asked for again meanwhile reads once more", async () => {
  let reads = 0;
  let open;
  const repeater = new Repeater(() => {
    reads += 1;
    return new Promise((done) => {
      open = done;
    });
  });
  const run = repeater.run();
  repeater.run();
  repeater.run();
  open();
  await Promise.resolve();
  await Promise.resolve();
  open();
  await run;
  assert.equal(reads, 2);
});

test("a point on the pad grows upwards and stays within its bounds", () => {
  const box = { left: 10, top: 10, width: 100, height: 50 };
  const bounds = [
    { min: 0, max: 1 },
    { min: -1, max: 1 },
  ];
  assert.deepEqual(pointAt({ clientX: 60, clientY: 60 }, box, bounds), [0.5, -1]);
  assert.deepEqual(pointAt({ clientX: 500, clientY: -5 }, box, bounds), [1, 1]);
});
