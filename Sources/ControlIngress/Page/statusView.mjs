// The light at the top, what would be lost now, and the buttons beside it.

import { ask } from "./ask.mjs";
import { element, set, setAttribute, setText, shape } from "./dom.mjs";
import { light, shapes, wouldBeLost } from "./light.mjs";
import { summary } from "./paths.mjs";
import { complain, toast } from "./toast.mjs";

const place = (id) => document.getElementById(id);

function drawLight(model) {
  const look = light(model.health, model.goneMs);
  const root = place("light");
  set(root.dataset, "state", look.key);
  set(root.dataset, "tone", look.tone);
  setAttribute(place("light-path"), "d", shapes[look.shape]);
  setText(place("word"), look.word);
  setText(place("since"), look.since);
  setText(place("why"), look.why);
  setText(place("remedy"), look.remedy);
  set(document, "title", `${look.word}${look.since ? ` ${look.since}` : ""} – Afterimage`);
}

function drawLost(model) {
  const lines = model.health && !model.isGone ? wouldBeLost(model.health) : [];
  const list = place("lost");
  while (list.children.length > lines.length) list.lastElementChild.remove();
  lines.forEach(({ when, what }, index) => {
    const line =
      list.children[index] ??
      list.appendChild(element("p", {}, element("span", { className: "quiet" }), element("strong")));
    setText(line.children[0], `${when}: `);
    setText(line.children[1], what);
    set(line.dataset, "lost", what === "nothing" ? "no" : "yes");
  });
}

function drawHistory(model) {
  for (const way of ["undo", "redo"]) {
    const step = model.history[way];
    const button = place(way);
    const words = step ? summary(step.changes) : `Nothing to ${way}`;
    set(button, "disabled", !step || model.isGone);
    set(button, "title", step ? `To generation ${step.to}: ${words}` : words);
    const line = place(`${way}-what`);
    setText(line, step ? `${way === "undo" ? "Undo" : "Redo"}: ${words}` : "");
    set(line, "hidden", way === "redo" && !step);
  }
}

async function step(way, feed) {
  try {
    const answer = await ask(`/${way}`, "POST", {});
    await feed.refresh("generations", "show", "health");
    toast(`${way === "undo" ? "Undone" : "Redone"}: the show is as in generation ${answer.to}.`);
  } catch (error) {
    complain(error);
  }
}

async function storeNow(feed) {
  try {
    const answer = await ask("/persistence/flush", "POST", {});
    toast(answer.nothingPending ? "Everything was stored already." : `Stored as generation ${answer.generation}.`);
  } catch (error) {
    complain(error);
  }
  feed.refresh("health", "generations");
}

export function statusView(model, feed) {
  const drawing = shape(shapes.ring, "shape");
  drawing.firstElementChild.id = "light-path";
  place("light").prepend(drawing);
  place("undo").addEventListener("click", () => step("undo", feed));
  place("redo").addEventListener("click", () => step("redo", feed));
  place("flush").addEventListener("click", () => storeNow(feed));
  setText(place("where"), location.host);
  const draw = () => {
    drawLight(model);
    drawLost(model);
    drawHistory(model);
    set(document.body.dataset, "host", model.isGone ? "gone" : "here");
    if (model.health?.dataFolder) setText(place("where"), `${model.health.dataFolder} on ${location.host}`);
  };
  model.on(["health", "generations"], draw);
  draw();
}
