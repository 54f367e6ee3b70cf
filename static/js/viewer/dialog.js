/** The remote page's alert, confirm, prompt and "leave this page?", which no screencast shows. */

import { listen, part, write } from "./dom.js";
import { dialog } from "./wire.js";

/** @typedef {import("./wire.js").Message} Message */

const LEAVING = {
  title: "Leave this page?",
  text: "Changes that you made may not be saved.",
  accept: "Leave",
  dismiss: "Stay",
};

export class PageDialog {
  #delegate;
  /** @type {HTMLElement} */
  #overlay;
  /** @type {HTMLFormElement} */
  #form;
  /** @type {HTMLElement} */
  #title;
  /** @type {HTMLElement} */
  #text;
  /** @type {HTMLInputElement} */
  #answer;
  /** @type {HTMLButtonElement} */
  #accept;
  /** @type {HTMLButtonElement} */
  #dismiss;
  /** @type {Message | null} */
  #open = null;
  #steering = false;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLElement} section
   * @param {import("./toolbar.js").ToolbarDelegate} delegate
   */
  constructor(section, delegate) {
    this.#delegate = delegate;
    this.#overlay = part(section, "dialog");
    this.#form = part(section, "dialog-form");
    this.#title = part(section, "dialog-title");
    this.#text = part(section, "dialog-text");
    this.#answer = part(section, "dialog-answer");
    this.#accept = part(section, "dialog-ok");
    this.#dismiss = part(section, "dialog-cancel");
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [
      listen(this.#form, { submit: this.#accepted, keydown: this.#keyed }),
      listen(this.#dismiss, { click: this.#dismissed }),
    ];
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** @param {Message} message a `dialog` message */
  show(message) {
    if (!message.open) {
      if (this.#open?.id === message.id) this.hide();
      return;
    }
    this.#open = message;
    this.#fill(message);
    this.#overlay.hidden = false;
    this.#enable();
    if (this.#steering) (message.kind === "prompt" ? this.#answer : this.#accept).focus();
  }

  hide() {
    const focused = this.#form.contains(this.#form.ownerDocument.activeElement);
    this.#open = null;
    this.#overlay.hidden = true;
    if (focused) this.#delegate.focusStage();
  }

  /** @param {boolean} steering */
  showSteering(steering) {
    this.#steering = steering;
    this.#enable();
  }

  #enable() {
    for (const each of [this.#answer, this.#accept, this.#dismiss]) each.disabled = !this.#steering;
  }

  /** @param {Message} message */
  #fill({ kind, message, default: proposed, url }) {
    const leaving = kind === "beforeunload";
    write(this.#title, leaving ? LEAVING.title : `${hostOf(url)} says`);
    write(this.#text, leaving ? LEAVING.text : message);
    write(this.#accept, leaving ? LEAVING.accept : "OK");
    write(this.#dismiss, leaving ? LEAVING.dismiss : "Cancel");
    this.#dismiss.hidden = kind === "alert";
    this.#answer.hidden = kind !== "prompt";
    this.#answer.value = proposed ?? "";
  }

  /** @param {SubmitEvent} event */
  #accepted = (event) => {
    event.preventDefault();
    this.#reply(true);
  };

  #dismissed = () => this.#reply(false);

  /** @param {KeyboardEvent} event */
  #keyed = (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.#reply(this.#open?.kind === "alert");
  };

  /** @param {boolean} accept */
  #reply(accept) {
    if (!this.#open || !this.#steering) return;
    const typed = accept && this.#open.kind === "prompt" ? this.#answer.value : undefined;
    this.#delegate.command(dialog(this.#open.id, accept, typed));
    this.hide();
  }
}

/** @param {string} url */
function hostOf(url) {
  return (URL.canParse(url) && new URL(url).host) || "This page";
}
