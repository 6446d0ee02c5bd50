// Notices below the light. They stay until their cause is over or they are acknowledged.

import { ask } from "./ask.mjs";
import { element, reconcile, setLines, setText } from "./dom.mjs";
import { notices } from "./notices.mjs";
import { complain } from "./toast.mjs";

// Recoveries without a loss that this browser has seen, by the start of the host.
const seenKey = "afterimage.seen";

function makeNotice(model, feed) {
  const title = element("h3");
  const lines = element("ul", { className: "lines" });
  const button = element("button", { type: "button", hidden: true });
  const root = element("article", { className: "notice" }, title, lines, button);
  let action = null;
  button.addEventListener("click", async () => {
    try {
      if (action === "acknowledge") await ask("/recovery/acknowledge", "POST", {});
      else localStorage.setItem(seenKey, model.health.startedAt);
      await feed.refresh("health");
    } catch (error) {
      complain(error);
    }
  });
  return {
    root,
    update(notice) {
      action = notice.action ?? null;
      setText(title, notice.title);
      setLines(lines, notice.lines);
      button.hidden = !action;
      setText(button, action === "acknowledge" ? "Acknowledge" : "Understood");
    },
  };
}

export function noticesView(model, feed) {
  const root = document.getElementById("notices");
  const views = new Map();
  model.on(["health"], () => {
    if (!model.health) return;
    const isSeen = localStorage.getItem(seenKey) === model.health.startedAt;
    const list = notices(model.health).filter((notice) => notice.action !== "hide" || !isSeen);
    root.hidden = list.length === 0;
    reconcile(
      root,
      views,
      list,
      (notice) => notice.key,
      () => makeNotice(model, feed),
    );
  });
}
