// One generation of the timeline.

import { ask } from "./ask.mjs";
import { element, set, setText } from "./dom.mjs";
import { actorWords, marks, reasonWords } from "./history.mjs";
import { summary } from "./paths.mjs";
import { age, localTime } from "./words.mjs";

function drawMarks(place, generation) {
  const list = marks(generation);
  const key = list.map((mark) => mark.words).join("\n");
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(
    ...list.map((mark) =>
      element("span", { className: `mark ${mark.kind}`, textContent: mark.words, title: mark.meaning }),
    ),
  );
}

// `actions`: `select(id)`, `rollBack(generation)`, `pin(generation)`. `before` is the generation stored before this one.
export function generationRow({ generation: first, before }, actions, lazily) {
  const { id } = first;
  let generation = first;
  const box = element("input", {
    type: "checkbox",
    "aria-label": `Compare generation ${id}`,
    onchange: () => actions.select(id),
  });
  const thumbnail = element("img", {
    className: "thumbnail",
    alt: `The picture of generation ${id}`,
    width: 96,
    height: 54,
  });
  const what = element("p", { className: "what" });
  const who = element("p", { className: "quiet" });
  const time = element("time");
  const ago = element("span", { className: "quiet" });
  const badges = element("span", { className: "marks" });
  const back = element("button", {
    type: "button",
    className: "small",
    textContent: "Roll back…",
    "aria-label": `Roll back to generation ${id}`,
    onclick: () => actions.rollBack(generation),
  });
  const pin = element("button", { type: "button", className: "small", onclick: () => actions.pin(generation) });
  const download = element("a", {
    href: `/api/v1/generations/${id}/export`,
    download: `generation-${id}.json`,
    textContent: "Download",
    "aria-label": `Download generation ${id}`,
  });
  const root = element(
    "li",
    { className: "generation" },
    element("label", { className: "pick" }, box),
    thumbnail,
    element(
      "div",
      { className: "words" },
      element(
        "p",
        { className: "when" },
        element("strong", { textContent: `${id}` }),
        " ",
        time,
        " ",
        ago,
        " ",
        badges,
      ),
      what,
      who,
      element("div", { className: "buttons" }, back, pin, download),
    ),
  );
  root.dataset.generation = id;

  // The host says what a generation changed; one without that word compares it with the generation before.
  let own = null;
  lazily(root, async () => {
    thumbnail.src = `/api/v1/generations/${id}/preview.png`;
    if (generation.summary || !before) return;
    own = summary((await ask(`/generations/diff?from=${before}&to=${id}`)).changes);
    draw();
  });
  const draw = () => {
    const reason = reasonWords(generation);
    setText(what, generation.summary ?? (own && own !== "no difference" ? own : reason));
    const more = generation.requests > 1 ? ` and ${generation.requests - 1} more` : "";
    setText(who, `${reason}${more}, by ${actorWords(generation.actor)}`);
  };
  return {
    root,
    update({ generation: now, selected, nowMs }) {
      generation = now;
      const storedMs = Date.parse(generation.storedAt);
      setText(time, localTime(storedMs, nowMs));
      set(time, "dateTime", generation.storedAt);
      set(time, "title", `${generation.storedAt.replace("T", " ").replace("Z", "")} UTC`);
      setText(ago, age(nowMs - storedMs));
      setText(pin, generation.pinned ? "Unpin" : "Pin…");
      pin.setAttribute("aria-label", generation.pinned ? `Unpin generation ${id}` : `Pin generation ${id}`);
      set(box, "checked", selected);
      set(root.dataset, "current", generation.current ? "yes" : "no");
      drawMarks(badges, generation);
      draw();
    },
  };
}
