/** History buttons and the address bar. */

import { listen, part } from "./dom.js";
import { navigate } from "./wire.js";

/**
 * @typedef {object} ToolbarDelegate
 * @property {(message: import("./wire.js").Message) => void} command
 * @property {() => void} focusStage
 * @property {() => void} focusAddress
 */

export class Toolbar {
  #delegate;
  /** @type {Record<"back"|"forward"|"reload"|"stop", HTMLButtonElement>} */
  #buttons;
  /** @type {HTMLFormElement} */
  #form;
  /** @type {HTMLInputElement} */
  #address;
  #url = "";
  #steering = false;
  /** @type {import("./wire.js").Message | null} the active tab's last state */
  #page = null;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLElement} section
   * @param {ToolbarDelegate} delegate
   */
  constructor(section, delegate) {
    this.#delegate = delegate;
    this.#buttons = {
      back: part(section, "back"),
      forward: part(section, "forward"),
      reload: part(section, "reload"),
      stop: part(section, "stop"),
    };
    this.#form = part(section, "address-form");
    this.#address = part(section, "address");
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [
      ...Object.values(this.#buttons).map((button) => listen(button, { click: this.#pressed })),
      listen(this.#form, { submit: this.#entered }),
      listen(this.#address, { focus: this.#focused, blur: this.#restore, keydown: this.#keyed }),
    ];
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** @param {import("./wire.js").Message} page a `state` message */
  showPage(page) {
    const untouched = this.#address.value === this.#url;
    this.#page = page;
    this.#url = page.url === "about:blank" ? "" : page.url;
    if (untouched || !this.#editing) this.#restore();
    this.#render();
  }

  focus() {
    this.#address.focus();
  }

  /** @param {boolean} steering whether this viewer's commands will be obeyed */
  showSteering(steering) {
    this.#steering = steering;
    this.#address.readOnly = !steering;
    this.#render();
  }

  get #editing() {
    return this.#address.ownerDocument.activeElement === this.#address && !this.#address.readOnly;
  }

  #render() {
    const loading = Boolean(this.#page?.loading);
    const { back, forward, reload, stop } = this.#buttons;
    back.disabled = !(this.#steering && this.#page?.can_go_back);
    forward.disabled = !(this.#steering && this.#page?.can_go_forward);
    reload.disabled = !(this.#steering && this.#page);
    stop.disabled = !this.#steering;
    reload.hidden = loading;
    stop.hidden = !loading;
  }

  /** @param {MouseEvent} event */
  #pressed = ({ currentTarget }) => {
    const action = /** @type {"back"|"forward"|"reload"|"stop"} */ (
      /** @type {HTMLElement} */ (currentTarget).dataset.part
    );
    this.#delegate.command(navigate({ action }));
  };

  /** @param {SubmitEvent} event */
  #entered = (event) => {
    event.preventDefault();
    const url = this.#address.value.trim();
    if (!url || !this.#steering) return;
    this.#url = url;
    this.#delegate.command(navigate({ url }));
    this.#delegate.focusStage();
  };

  #focused = () => this.#address.select();

  #restore = () => {
    if (this.#address.value === this.#url) return;
    this.#address.value = this.#url;
    if (this.#editing) this.#address.select();
  };

  /** @param {KeyboardEvent} event */
  #keyed = (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.#restore();
    this.#delegate.focusStage();
  };
}
