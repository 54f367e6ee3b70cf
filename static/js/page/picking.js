/** Choosing sessions by mouse and keys, walking among them, and what is done with all that are chosen. */

import { on } from "./htmx.js";
import { Selection, stepTo } from "./selection.js";
import { addShortcut } from "./shortcuts.js";

// A summary that says nothing went wrong need not be sent away.
const SUMMARY_MS = 5000;
const MAX_NAME = 60;

export function startPicking() {
  new Picking().start();
}

/** @returns {HTMLElement[]} */
const items = () => [...document.querySelectorAll("#rows > [data-session]")].filter(isElement);
const isElement = (/** @type {Element} */ one) => one instanceof HTMLElement;
const idOf = (/** @type {Element} */ item) => item.id;
const boxOf = (/** @type {Element} */ item) =>
  /** @type {HTMLInputElement | null} */ (item.querySelector("input.pick"));

/** @param {string} selector */
const inBar = (selector) => /** @type {HTMLElement | null} */ (document.querySelector(`#bulk ${selector}`));

class Picking {
  #selection = new Selection();
  // Where one is, also while a refresh moves it about.
  #current = "";
  #hadFocus = false;
  // What was chosen before one was released by itself.
  /** @type {string[]} */
  #aside = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #passing;
  /** @type {Readonly<Record<string, () => void>>} */
  #buttons = {
    "[data-bulk-label]": () => this.#openLabelDialog(),
    "[data-bulk-all]": () => this.#selectAll(),
    "[data-bulk-none]": () => this.#clear(),
    "[data-label-cancel]": () => this.#dialog?.close(),
  };

  start() {
    this.#addShortcuts();
    document.addEventListener("click", this.#clicked);
    document.addEventListener("focusin", ({ target }) => this.#arrived(target));
    on("beforeSwap", () => {
      this.#hadFocus = Boolean(document.activeElement?.closest("#rows"));
    });
    on("afterSwap", this.#listChanged);
    on("afterRequest", this.#requestDone);
    document.addEventListener("bulk-done", this.#done);
    this.#show();
  }

  get #order() {
    return items().map(idOf);
  }

  get #dialog() {
    return /** @type {HTMLDialogElement | null} */ (inBar("[data-label-dialog]"));
  }

  /** @param {EventTarget | null} target */
  #arrived(target) {
    const item = target instanceof Element && target.closest("[data-session]");
    if (item) this.#current = idOf(item);
  }

  #addShortcuts() {
    const walk = (/** @type {KeyboardEvent} */ { key }) => this.#walk(key);
    addShortcut({ keys: ["j", "ArrowDown", "ArrowRight"], words: "Next session", act: walk, repeats: true });
    addShortcut({ keys: ["k", "ArrowUp", "ArrowLeft"], words: "Session before", act: walk, repeats: true });
    // A link has the focus, so the browser itself follows it.
    addShortcut({ keys: ["Enter"], words: "Open the session" });
    if (!document.querySelector("[data-bulk]")) return;
    addShortcut({ keys: ["x"], words: "Select the session, or no longer", act: () => this.#toggleCurrent() });
    addShortcut({ keys: ["X"], words: "Select up to the session", act: () => this.#extendToCurrent() });
    addShortcut({ keys: ["Escape"], words: "Select none", act: () => this.#clear() });
    addShortcut({ keys: ["r"], words: "Release what is selected", act: () => this.#act("release") });
    addShortcut({ keys: ["l"], words: "Label what is selected", act: () => this.#act("label") });
  }

  /** @param {string} key @returns {boolean} whether it led somewhere */
  #walk(key) {
    const all = items();
    const index = all.findIndex((item) => idOf(item) === this.#current);
    const next = stepTo(key, index, all.length, columnsOf(all));
    if (next === null) return false;
    this.#focus(all[next]);
    return true;
  }

  /** @param {HTMLElement | undefined} item */
  #focus(item, options = {}) {
    const link = item?.querySelector(".row-link");
    if (!(link instanceof HTMLElement)) return;
    link.focus(options);
    item?.scrollIntoView({ block: "nearest" });
  }

  #toggleCurrent() {
    if (this.#currentBox()) this.#change(() => this.#selection.toggle(this.#current));
  }

  #extendToCurrent() {
    if (this.#currentBox()) this.#change(() => this.#selection.extend(this.#current, this.#order));
  }

  #currentBox() {
    const item = items().find((one) => idOf(one) === this.#current);
    return item && boxOf(item);
  }

  /** With nothing chosen it is meant for where one is. @param {string} verb */
  #act(verb) {
    if (!this.#selection.size) this.#toggleCurrent();
    if (this.#selection.size) inBar(`[data-bulk-${verb}]`)?.click();
  }

  #selectAll() {
    this.#change(() => this.#selection.replace(items().filter(boxOf).map(idOf)));
  }

  #clear() {
    this.#sendAway();
    this.#change(() => this.#selection.replace([]));
  }

  /** The summary. */
  #sendAway() {
    inBar("#bulk-result")?.replaceChildren();
    this.#show();
  }

  #clicked = (/** @type {MouseEvent} */ event) => {
    const target = event.target instanceof Element ? event.target : null;
    const item = target?.closest("#rows > [data-session]");
    if (item && target?.closest("[data-release]")) this.#releaseOne(item);
    else if (item) this.#itemClicked(event, item, target instanceof HTMLInputElement ? target : null);
    for (const [selector, act] of Object.entries(this.#buttons)) if (target?.closest(selector)) act();
  };

  /** @param {Element} item */
  #releaseOne(item) {
    this.#aside = this.#selection.ids.filter((id) => id !== idOf(item));
    this.#change(() => this.#selection.replace([idOf(item)]));
    this.#act("release");
    const dialog = document.querySelector("[data-confirm-dialog]");
    const closed = () => {
      if (dialog instanceof HTMLDialogElement && dialog.returnValue !== "ok") this.#bringBack([]);
    };
    dialog?.addEventListener("close", closed, { once: true });
  }

  /** Those that failed stay chosen, to try again. @param {string[]} failed */
  #bringBack(failed) {
    const others = this.#aside;
    this.#aside = [];
    this.#change(() => this.#selection.replace([...others, ...failed]));
  }

  /** @param {MouseEvent} event @param {Element} item @param {HTMLInputElement | null} box */
  #itemClicked(event, item, box) {
    const id = idOf(item);
    if (event.shiftKey && boxOf(item)) {
      // Not a new window.
      if (!box) event.preventDefault();
      getSelection()?.removeAllRanges();
      this.#change(() => this.#selection.extend(id, this.#order));
    } else if (box) this.#change(() => this.#selection.toggle(id, box.checked));
    if (box) this.#current = id;
  }

  /** @param {() => void} act */
  #change(act) {
    act();
    clearTimeout(this.#passing);
    this.#show();
  }

  #show() {
    for (const item of items()) {
      const box = boxOf(item);
      if (box) box.checked = this.#selection.has(idOf(item));
    }
    const bar = document.querySelector("[data-bulk]");
    if (bar instanceof HTMLElement) this.#showBar(bar);
  }

  /** @param {HTMLElement} bar */
  #showBar(bar) {
    const count = this.#selection.size;
    bar.hidden = !count && !inBar("#bulk-result")?.childElementCount;
    const words = `${count} ${count === 1 ? "session" : "sessions"}`;
    put("[data-part=count]", count ? `${words} selected` : "");
    put("[data-part=title]", `Label ${words}`);
    inBar("[data-bulk-release]")?.setAttribute(
      "data-confirm-title",
      `Release ${this.#nameOfOne() || words}?`,
    );
    for (const verb of ["label", "release"])
      inBar(`[data-bulk-${verb}]`)?.toggleAttribute("disabled", !count);
  }

  #nameOfOne() {
    const [id, ...others] = this.#selection.ids;
    const link = others.length
      ? null
      : items()
          .find((item) => idOf(item) === id)
          ?.querySelector(".row-link");
    return link?.textContent?.slice(0, MAX_NAME);
  }

  #openLabelDialog() {
    const dialog = this.#dialog;
    inBar("#bulk-refused")?.replaceChildren();
    dialog?.querySelector("form")?.reset();
    dialog?.showModal();
  }

  #listChanged = () => {
    this.#selection.keep(this.#order);
    this.#show();
    if (!this.#hadFocus || document.activeElement !== document.body) return;
    this.#focus(
      items().find((item) => idOf(item) === this.#current),
      { preventScroll: true },
    );
  };

  #requestDone = (/** @type {CustomEvent} */ { detail }) => {
    const dialog = this.#dialog;
    // An answer of 422 is shown in the dialog, which htmx counts as a success.
    if (dialog?.contains(detail.elt) && detail.successful && detail.xhr.status < 400) dialog.close();
    // Its answer would have replaced it.
    if (detail.elt.matches(".bulk-run") && !detail.successful) {
      const stuck = detail.elt.querySelector(".bulk-stuck");
      if (stuck instanceof HTMLElement) stuck.hidden = false;
    }
  };

  #done = () => {
    const failed = [...document.querySelectorAll("#bulk-result [data-failed]")].map(
      (one) => /** @type {HTMLElement} */ (one).dataset.failed ?? "",
    );
    this.#bringBack(failed);
    if (!failed.length) this.#passing = setTimeout(() => this.#sendAway(), SUMMARY_MS);
  };
}

/** How many stand in the first row. @param {HTMLElement[]} all */
function columnsOf(all) {
  const next = all.findIndex((item) => item.offsetTop > (all[0]?.offsetTop ?? 0));
  return next < 0 ? all.length : next;
}

/** @param {string} selector @param {string} words */
function put(selector, words) {
  const place = inBar(selector);
  if (place && place.textContent !== words) place.textContent = words;
}
