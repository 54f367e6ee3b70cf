/** The list of the keys that this page knows, on `?`. */

import { addShortcut, caps, shortcuts } from "./shortcuts.js";

export function startHelp() {
  const dialog = document.querySelector("[data-help-dialog]");
  if (!(dialog instanceof HTMLDialogElement)) return;
  const open = () => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.removeAttribute("open");
    fill(dialog);
    dialog.showModal();
  };
  addShortcut({ keys: ["?"], words: "Show these keys", act: open, everywhere: true });
  document.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
    else if (target instanceof Element && target.closest("[data-help]")) open();
  });
}

/** @param {HTMLElement} dialog */
function fill(dialog) {
  const all = shortcuts(document);
  for (const list of dialog.querySelectorAll("dl")) {
    const rows = all.filter(({ everywhere }) => Boolean(everywhere) === (list.dataset.part === "everywhere"));
    list.replaceChildren(...rows.map(row));
    list.closest("section")?.toggleAttribute("hidden", !rows.length);
  }
}

/** @param {import("./shortcuts.js").Shortcut} shortcut */
function row({ keys, words }) {
  const line = document.createElement("div");
  const name = document.createElement("dt");
  name.textContent = words;
  line.append(name);
  const places = document.createElement("dd");
  for (const [place, key] of keys.entries()) {
    if (place) places.append(" or ");
    places.append(...caps(key).map(cap));
  }
  line.append(places);
  return line;
}

/** @param {string} name */
function cap(name) {
  const key = document.createElement("kbd");
  key.textContent = name;
  return key;
}
