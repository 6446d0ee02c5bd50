import assert from "node:assert/strict";
import { test } from "node:test";
import { age, bytes, count, duration, localTime, number, value } from "../../Sources/ControlIngress/Page/words.mjs";

test("a duration has the unit that a person would use", () => {
  const table = [
    [0, "0.0 s"],
    [400, "0.4 s"],
    [9949, "9.9 s"],
    [9950, "10 s"],
    [119_400, "119 s"],
    [120_000, "2 min"],
    [7_199_000, "119 min"],
    [7_200_000, "2 h"],
    [172_800_000, "2 days"],
  ];
  for (const [milliseconds, words] of table) assert.equal(duration(milliseconds), words);
});

test("an age below five seconds does not tick", () => {
  assert.equal(age(-100), "just now");
  assert.equal(age(4999), "just now");
  assert.equal(age(5000), "10 s ago");
  assert.equal(age(180_000), "3 min ago");
});

test("a time has its date only when that is another day", () => {
  const noon = new Date(2026, 10, 24, 12, 0, 5).getTime();
  assert.equal(localTime(noon, noon + 60_000), "12:00:05");
  assert.equal(localTime(noon, noon + 86_400_000), "2026-11-24 12:00:05");
});

test("numbers lose the dust of binary fractions", () => {
  assert.equal(number(0.1 + 0.2), "0.3");
  assert.equal(number(270), "270");
  assert.equal(count(1, "change"), "1 change");
  assert.equal(count(3, "change"), "3 changes");
  assert.equal(bytes(2048), "2 KiB");
  assert.equal(bytes(3 << 20), "3.0 MiB");
});

test("every kind of value has words", () => {
  assert.equal(value(true), "on");
  assert.equal(value(null), "nothing");
  assert.equal(value([0.5, 1]), "(0.5, 1)");
  assert.equal(value("title"), "“title”");
  assert.equal(value("x".repeat(50)).length, 42);
  assert.equal(value({ id: "bars", name: "Colour bars" }), "Colour bars");
});
