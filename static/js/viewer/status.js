/** Says how things stand: in words over the stage while there is no live picture, else in the status line. */

import { listen, part, write } from "./dom.js";

/** @typedef {import("./connection.js").State} State */
/** @typedef {import("./connection.js").Detail} Detail */

/**
 * @typedef {object} StatusDelegate
 * @property {() => void} retry
 * @property {() => void} restart
 * @property {() => void} reloadTab
 */

/**
 * @typedef {object} Notice
 * @property {string} title
 * @property {string} text
 * @property {string} [label]
 * @property {() => void} [action]
 */

/** @type {Readonly<Record<string, string>>} */
const WORDS = {
  connecting: "Connecting",
  waiting: "Waiting",
  connected: "Live",
  reconnecting: "Reconnecting",
  ended: "Ended",
  refused: "Refused",
};
const NOTICE_MS = 6_000;

export class Status {
  #delegate;
  /** @type {HTMLElement} */
  #overlay;
  /** @type {HTMLElement} */
  #title;
  /** @type {HTMLElement} */
  #text;
  /** @type {HTMLButtonElement} */
  #button;
  /** @type {HTMLElement} */
  #state;
  /** @type {HTMLElement} */
  #notice;
  /** @type {(() => void) | undefined} */
  #action;
  #crashed = false;
  #lasting = "";
  /** @type {State} */
  #now = "connecting";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #countdown;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #passing;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLElement} section
   * @param {StatusDelegate} delegate
   */
  constructor(section, delegate) {
    this.#delegate = delegate;
    this.#overlay = part(section, "overlay");
    this.#title = part(section, "overlay-title");
    this.#text = part(section, "overlay-text");
    this.#button = part(section, "overlay-action");
    this.#state = part(section, "state");
    this.#notice = part(section, "notice");
  }

  start() {
    if (!this.#undo.length) this.#undo = [listen(this.#button, { click: () => this.#action?.() })];
  }

  stop() {
    clearTimeout(this.#countdown);
    clearTimeout(this.#passing);
    for (const undo of this.#undo.splice(0)) undo();
  }

  /**
   * @param {State} state
   * @param {Detail} detail
   */
  showConnection(state, detail) {
    clearTimeout(this.#countdown);
    this.#now = state;
    this.#state.dataset.kind = state;
    write(this.#state, WORDS[state] ?? "");
    this.#over(this.#noticeFor(state, detail));
    if (state === "reconnecting" && detail.retryAt !== null) {
      this.#countdown = setTimeout(() => this.showConnection(state, detail), 1000);
    }
  }

  /** @param {{crashed: boolean, unresponsive: boolean}} page */
  showPage({ crashed, unresponsive }) {
    this.#crashed = crashed;
    if (this.#now === "connected") this.#over(this.#live());
    const lasting = unresponsive ? "This tab does not respond." : "";
    // A page says often how it is; a word in passing stays meanwhile.
    if (lasting === this.#lasting) return;
    this.#lasting = lasting;
    this.#settle();
  }

  /** A word in passing, for what the person just did. @param {string} words */
  mention(words) {
    this.#write(words, false);
    this.#passing = setTimeout(() => this.#settle(), NOTICE_MS);
  }

  #settle() {
    this.#write(this.#lasting, true);
  }

  /**
   * @param {string} words
   * @param {boolean} lasting
   */
  #write(words, lasting) {
    clearTimeout(this.#passing);
    write(this.#notice, words);
    this.#notice.title = words;
    this.#notice.toggleAttribute("data-lasting", lasting);
  }

  /**
   * @param {State} state
   * @param {Detail} detail
   * @returns {Notice | null}
   */
  #noticeFor(state, { title, text, attempt, retryAt }) {
    if (state === "connected") return this.#live();
    if (state === "connecting") return { title: "Connecting", text: "The picture is on its way." };
    if (state === "waiting" || state === "ended") return { title, text };
    if (state === "refused") return { title, text, label: "Try again", action: this.#delegate.restart };
    return {
      title: "Connection lost",
      text:
        retryAt === null ? `Trying again (attempt ${attempt || 1}).` : waiting(attempt, retryAt - Date.now()),
      label: "Try now",
      action: this.#delegate.retry,
    };
  }

  /** @returns {Notice | null} */
  #live() {
    if (!this.#crashed) return null;
    const action = this.#delegate.reloadTab;
    return {
      title: "This tab crashed",
      text: "Its page is gone; its address is kept.",
      label: "Reload",
      action,
    };
  }

  /** @param {Notice | null} notice */
  #over(notice) {
    this.#overlay.hidden = !notice;
    this.#action = notice?.action;
    if (!notice) return;
    write(this.#title, notice.title);
    write(this.#text, notice.text);
    this.#button.hidden = !notice.label;
    write(this.#button, notice.label ?? "");
  }
}

/**
 * @param {number} attempt
 * @param {number} ms
 */
export function waiting(attempt, ms) {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return `Attempt ${attempt} in ${seconds} s.`;
}
