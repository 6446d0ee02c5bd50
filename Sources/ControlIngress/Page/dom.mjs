// Elements without markup: every text goes in as text. Only what differs is written, so that a selection survives.

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && !key.includes("-") && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function shape(path, className) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", className);
  const line = document.createElementNS(space, "path");
  line.setAttribute("fill-rule", "evenodd");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export function set(target, property, value) {
  if (target[property] !== value) target[property] = value;
}

export function setAttribute(target, name, value) {
  if (value === null) target.removeAttribute(name);
  else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

// Brings the children of `parent` in line with `items`: those that stay are updated and moved, never made again.
// `make` gives an object with `root` and `update(item)`; `views` is the map from keys to them.
export function reconcile(parent, views, items, keyOf, make) {
  const focused = document.activeElement;
  const keys = new Set(items.map(keyOf));
  for (const [key, view] of views) {
    if (keys.has(key)) continue;
    view.root.remove();
    views.delete(key);
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let view = views.get(key);
    if (!view) {
      view = make(item);
      views.set(key, view);
    }
    view.update(item);
    if (view.root === next) next = next.nextElementSibling;
    else parent.insertBefore(view.root, next);
  }
  // Moving an element takes the focus from what it holds.
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}

// A list of plain lines, rewritten only when one of them differs.
export function setLines(list, lines) {
  const text = lines.join("\n");
  if (list.dataset.lines === text) return;
  list.dataset.lines = text;
  list.replaceChildren(...lines.map((line) => element("li", { textContent: line })));
}
