/**
 * Keys that act anywhere on a page, and the one list of them that `?` shows. In markup `data-shortcut` names the key of a
 * field to enter or of a link or button to press ("n", or "g m" for one after the other); modules call `addShortcut`.
 */

/**
 * @typedef {object} Shortcut
 * @property {string[]} keys as `KeyboardEvent.key` has them; any of them
 * @property {string} words what it does, for the list
 * @property {(event: KeyboardEvent) => unknown} [act] false: the key was not for it; none: it is told and handled elsewhere
 * @property {boolean} [repeats] also while the key is held
 * @property {boolean} [everywhere] on each page
 */

const SEQUENCE_MS = 1500;
// A checkbox takes no letters.
const FIELD = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open], [data-viewer]";

/** @type {Shortcut[]} */
const registry = [];

/** @param {Shortcut} shortcut */
export function addShortcut(shortcut) {
  registry.push(shortcut);
}

/** Single keys may be switched off, by whom they surprise. */
const areOn = () => globalThis.document?.documentElement.dataset.keys !== "off";

export function startShortcuts() {
  let before = "";
  let since = 0;
  document.addEventListener("keydown", (event) => {
    if (!isFree(event)) return;
    const isSecond = before && event.timeStamp - since < SEQUENCE_MS && run(`${before} ${event.key}`, event);
    [before, since] = [isSecond ? "" : event.key, event.timeStamp];
    if (isSecond || run(event.key, event)) event.preventDefault();
  });
}

/**
 * @param {string} key
 * @param {KeyboardEvent} event
 */
function run(key, event) {
  for (const { keys, act, repeats } of registry) {
    if (act && keys.includes(key) && (repeats || !event.repeat) && act(event) !== false) return true;
  }
  const element = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (!(element instanceof HTMLElement) || event.repeat) return false;
  if (element instanceof HTMLInputElement) element.select();
  else element.click();
  return true;
}

/**
 * Whether the key means nothing else where it was pressed.
 * @param {{altKey: boolean, ctrlKey: boolean, metaKey: boolean, isComposing: boolean, repeat?: boolean, target: EventTarget | null}} event
 */
export function isFree({ altKey, ctrlKey, metaKey, isComposing, target }) {
  if (altKey || ctrlKey || metaKey || isComposing || !areOn()) return false;
  return !(/** @type {Element | null} */ (target)?.closest(FIELD));
}

/**
 * What can be pressed on this page as it stands: what modules added, then what the markup names. `data-keys` with
 * `data-keys-words` tells of keys that act elsewhere, such as the live view's own.
 * @param {ParentNode} page
 * @returns {Shortcut[]}
 */
export function shortcuts(page) {
  /** @type {Shortcut[]} */
  const found = [...registry];
  for (const element of page.querySelectorAll("[data-shortcut], [data-keys]")) {
    if (!(element instanceof HTMLElement)) continue;
    const { shortcut, keys } = element.dataset;
    const everywhere = element.closest("nav.rail, header.top") !== null;
    found.push({ keys: [shortcut ?? keys ?? ""], words: wordsOf(element), everywhere });
  }
  return found;
}

/** @param {HTMLElement} element */
function wordsOf(element) {
  const { shortcutWords, keysWords } = element.dataset;
  const said = shortcutWords ?? keysWords ?? element.getAttribute("aria-label") ?? element.textContent;
  return said.trim();
}

/** @type {Readonly<Record<string, string>>} */
const NAMES = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  " ": "Space",
};

/**
 * How the keys of a shortcut are written, one list a key: ["Shift", "x"] for X, ["g", "m"] for one after the other.
 * @param {string} key
 */
export function caps(key) {
  if (NAMES[key]) return [NAMES[key]];
  if (/^[A-Z]$/.test(key)) return ["Shift", key.toLowerCase()];
  return key.split(/[ +]/).map((part) => NAMES[part] ?? part);
}
