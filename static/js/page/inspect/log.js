/** One log of a session: its newest entries that a person asks for, followed as they come. */

import { passes, TAKES } from "./filters.js";
import { DRAW } from "./rows.js";

/**
 * @typedef {import("./stream.js").Entry} Entry
 * @typedef {import("./stream.js").State} State
 */

// As many as a timeline keeps.
const KEPT = 5000;
const SHOWN = 300;
// So near to its end a log follows what comes.
const NEAR = 40;
/** @type {Partial<Record<State, string>>} */
const WORDS = {
  reading: "Reading…",
  broken: "The connection broke; trying again…",
  refused: "The timeline cannot be read: the session or your login may be gone.",
};

export class Log {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.name = root.dataset.log ?? "";
    this.rows = part(root, "rows", HTMLOListElement);
    this.older = part(root, "older", HTMLButtonElement);
    this.again = part(root, "again", HTMLButtonElement);
    this.words = part(root, "state", HTMLElement);
    this.row = part(root, "row", HTMLTemplateElement);
    this.form = part(root, "filter", HTMLFormElement);
  }

  /** @type {Entry[]} */
  #entries = [];
  #shown = SHOWN;
  #matching = 0;
  /** @type {State} */
  #state = "reading";
  #isStale = true;

  /** @param {() => void} retry */
  start(retry) {
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.#from(SHOWN));
    this.older.addEventListener("click", () => this.#from(this.#shown + SHOWN));
    this.again.addEventListener("click", retry);
    this.root.addEventListener("shown", () => this.#isStale && this.#draw());
  }

  /** @param {Entry[]} entries */
  add(entries) {
    const mine = entries.filter(({ kind }) => TAKES[this.name]?.(kind));
    this.#entries.push(...mine);
    if (this.#entries.length > KEPT) this.#entries = this.#entries.slice(-KEPT);
    if (this.root.hidden) this.#isStale = true;
    else this.#append(this.#passing(mine));
  }

  /** @param {State} state */
  say(state) {
    this.#state = state;
    this.#count();
  }

  /** @returns {Record<string, string>} */
  get #wanted() {
    return Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, String(value)]));
  }

  /** @param {number} shown */
  #from(shown) {
    const before = this.root.scrollHeight - this.root.scrollTop;
    this.#shown = shown;
    this.#draw();
    // Older ones come in above what is being read.
    if (shown > SHOWN) this.root.scrollTop = this.root.scrollHeight - before;
  }

  /** @param {Entry[]} entries */
  #passing(entries) {
    const wanted = this.#wanted;
    return entries.filter((entry) => passes(entry, wanted));
  }

  #draw() {
    const matching = this.#passing(this.#entries);
    this.#isStale = false;
    this.#matching = matching.length;
    this.rows.replaceChildren(...matching.slice(-this.#shown).map((entry) => this.#made(entry)));
    this.#count();
    this.root.scrollTop = this.root.scrollHeight;
  }

  /** @param {Entry[]} entries */
  #append(entries) {
    const follows = this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < NEAR;
    this.#matching = this.#passing(this.#entries).length;
    this.rows.append(...entries.slice(-KEPT).map((entry) => this.#made(entry)));
    // Whoever reads further up keeps what is being read, within reason.
    const most = follows ? this.#shown : KEPT;
    while (this.rows.childElementCount > most) this.rows.firstElementChild?.remove();
    this.#count();
    if (follows) this.root.scrollTop = this.root.scrollHeight;
  }

  /** @param {Entry} entry */
  #made(entry) {
    const row = /** @type {HTMLElement} */ (this.row.content.firstElementChild?.cloneNode(true));
    DRAW[this.name]?.(row, entry, this.root.dataset.har ?? "");
    return row;
  }

  #count() {
    this.older.hidden = this.#matching <= this.rows.childElementCount;
    this.again.hidden = this.#state !== "refused";
    this.words.textContent = [this.#found(), WORDS[this.#state]].filter(Boolean).join(" ");
  }

  #found() {
    const [all, found] = [this.#entries.length, this.#matching];
    if (!all) return this.#state === "live" || this.#state === "over" ? "Nothing yet." : "";
    if (!found) return `None of ${counted(all)} matches.`;
    const count = found === all ? counted(all) : `${found} of ${counted(all)}`;
    return this.#state === "over" ? `${count}, and no more: the session has ended.` : count;
  }
}

/** @param {number} count */
function counted(count) {
  return count === 1 ? "1 entry" : `${count} entries`;
}

/**
 * @template {HTMLElement} T
 * @param {HTMLElement} root
 * @param {string} name
 * @param {new () => T} kind
 * @returns {T}
 */
function part(root, name, kind) {
  const found = root.querySelector(`[data-part=${name}]`);
  if (!(found instanceof kind)) throw new Error(`A log without its ${name}.`);
  return found;
}
