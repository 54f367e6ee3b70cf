/**
 * Tabs as ARIA knows them: one of several parts is shown. Which one is remembered on this device, by the list's name in
 * `data-tabs`. A part that comes into sight hears "shown"; what refreshes itself in there does so at once. A list whose tab
 * somebody chose says "tabchosen".
 */

import { htmx, on } from "./htmx.js";

/** @type {Map<string, string>} the chosen tab's id, by the list's name */
const chosen = new Map();

export function startTabs() {
  for (const list of lists()) {
    const remembered = recall(list.dataset.tabs ?? "");
    if (remembered) chosen.set(list.dataset.tabs ?? "", remembered);
  }
  restore();
  document.addEventListener("click", ({ target }) => {
    const tab = target instanceof Element && target.closest("[role=tab]");
    if (tab instanceof HTMLElement) choose(tab);
  });
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || target.role !== "tab") return;
    const tabs = tabsOf(/** @type {Element} */ (target.closest("[data-tabs]")));
    const next = tabs[wanted(event.key, tabs.indexOf(target), tabs.length)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    choose(next);
  });
  // A fragment from the server knows nothing of what was chosen here.
  on("afterSwap", restore);
}

/**
 * Which tab a key leads to; -1 for a key that leads nowhere.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
export function wanted(key, at, count) {
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return (at + 1) % count;
    case "ArrowLeft":
    case "ArrowUp":
      return (at + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return -1;
  }
}

/** @returns {NodeListOf<HTMLElement>} */
function lists() {
  return document.querySelectorAll("[data-tabs]");
}

/**
 * @param {Element} list
 * @returns {HTMLElement[]}
 */
function tabsOf(list) {
  return [...list.querySelectorAll("[role=tab]")].filter((tab) => tab instanceof HTMLElement);
}

/** @param {HTMLElement} tab */
function choose(tab) {
  const list = /** @type {HTMLElement | null} */ (tab.closest("[data-tabs]"));
  if (!list) return;
  const name = list.dataset.tabs ?? "";
  chosen.set(name, tab.id);
  show(list, tab);
  list.dispatchEvent(new Event("tabchosen", { bubbles: true }));
  try {
    localStorage.setItem(`quarterdeck.tab.${name}`, tab.id);
  } catch {
    // Storage is switched off: it holds for this page.
  }
}

function restore() {
  for (const list of lists()) {
    const tab = tabsOf(list).find(({ id }) => id === chosen.get(list.dataset.tabs ?? ""));
    if (tab && tab.ariaSelected !== "true") show(list, tab);
  }
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} shown
 */
function show(list, shown) {
  for (const tab of tabsOf(list)) {
    tab.ariaSelected = String(tab === shown);
    tab.tabIndex = tab === shown ? 0 : -1;
    const part = partOf(tab);
    if (part) part.hidden = tab !== shown;
  }
  const part = partOf(shown);
  if (!part) return;
  part.dispatchEvent(new Event("shown"));
  whenReady(() => {
    for (const element of part.querySelectorAll("[data-refresh]")) htmx.trigger(element, "refresh");
  });
}

/** @param {HTMLElement} tab */
function partOf(tab) {
  return document.getElementById(tab.getAttribute("aria-controls") ?? "");
}

/**
 * htmx looks at the page only once it has been read; before that it hears nothing.
 * @param {() => void} then
 */
function whenReady(then) {
  if (document.readyState === "complete") then();
  else addEventListener("load", then, { once: true });
}

/** @param {string} name */
function recall(name) {
  try {
    return localStorage.getItem(`quarterdeck.tab.${name}`);
  } catch {
    return null;
  }
}
