// What was just done, with a way back. It stays until the next one or until it is closed.

import { element } from "./dom.mjs";

const place = () => document.getElementById("toast");

export function hideToast() {
  place().hidden = true;
}

export function toast(text, action = null, tone = "good") {
  const close = element("button", { type: "button", textContent: "Close", onclick: hideToast });
  const button =
    action && element("button", { type: "button", className: "main", textContent: action.label, onclick: action.run });
  place().replaceChildren(element("p", { textContent: text }), ...(button ? [button] : []), close);
  place().dataset.tone = tone;
  place().hidden = false;
}

export function complain(error) {
  toast(`Refused: ${error.message}`, null, "bad");
}
