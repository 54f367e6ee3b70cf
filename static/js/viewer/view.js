/** How the picture is shown: scale, full screen, the page's size. */

import { listen, part } from "./dom.js";
import { viewportFor } from "./geometry.js";
import { resize } from "./wire.js";

const SETTLE_MS = 150;

/**
 * @typedef {object} ViewDelegate
 * @property {(message: import("./wire.js").Message) => void} command
 * @property {(shown: boolean) => void} figuresToggled
 * @property {() => void} focusStage
 */

export class View {
  #section;
  #delegate;
  /** @type {HTMLElement} */
  #room;
  /** @type {Record<"scale"|"match"|"figures"|"fullscreen"|"keyboard", HTMLButtonElement>} */
  #buttons;
  /** @type {ResizeObserver | null} */
  #observer = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLElement} section
   * @param {ViewDelegate} delegate
   */
  constructor(section, delegate) {
    this.#section = section;
    this.#delegate = delegate;
    this.#room = part(section, "room");
    this.#buttons = {
      scale: part(section, "scale"),
      match: part(section, "match"),
      figures: part(section, "figures"),
      fullscreen: part(section, "fullscreen"),
      keyboard: part(section, "keyboard"),
    };
  }

  start() {
    if (this.#undo.length) return;
    const { scale, match, figures, fullscreen, keyboard } = this.#buttons;
    fullscreen.hidden = !document.fullscreenEnabled;
    this.#undo = [
      listen(scale, { click: this.#scaled }),
      listen(match, { click: this.#matched }),
      listen(figures, { click: () => this.#delegate.figuresToggled(toggle(figures)) }),
      listen(fullscreen, { click: this.#filled }),
      listen(keyboard, { click: () => this.#delegate.focusStage() }),
      listen(document, { fullscreenchange: this.#filledOrNot }),
    ];
  }

  stop() {
    this.#follow(false);
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** @param {boolean} steering */
  showSteering(steering) {
    this.#buttons.match.disabled = !steering;
    this.#buttons.keyboard.disabled = !steering;
    if (!steering) this.#follow(false);
  }

  /** @param {import("./wire.js").Viewport} viewport the page's, in CSS pixels */
  showViewport({ width, height }) {
    this.#room.style.setProperty("--viewer-width", `${width}px`);
    this.#room.style.setProperty("--viewer-ratio", String(width / height));
  }

  #scaled = () => {
    this.#section.toggleAttribute("data-actual-size", toggle(this.#buttons.scale));
  };

  #matched = () => this.#follow(this.#buttons.match.getAttribute("aria-pressed") !== "true");

  /** While pressed, the page keeps the size of the stage. @param {boolean} on */
  #follow(on) {
    this.#buttons.match.setAttribute("aria-pressed", String(on));
    this.#observer?.disconnect();
    clearTimeout(this.#settling);
    this.#observer = on ? new ResizeObserver(this.#stageResized) : null;
    this.#observer?.observe(this.#room);
  }

  #stageResized = () => {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      const { width, height } = viewportFor({
        width: this.#room.offsetWidth,
        height: this.#room.offsetHeight,
      });
      this.#delegate.command(resize(width, height));
    }, SETTLE_MS);
  };

  #filled = async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.#section.requestFullscreen().catch(() => undefined);
  };

  /** In full screen the browser may lend us the keys that it else keeps (Escape, Ctrl+W). */
  #filledOrNot = () => {
    const full = document.fullscreenElement === this.#section;
    this.#buttons.fullscreen.setAttribute("aria-pressed", String(full));
    const { keyboard } = /** @type {{keyboard?: {lock: () => Promise<void>, unlock: () => void}}} */ (
      navigator
    );
    if (full) keyboard?.lock().catch(() => undefined);
    else keyboard?.unlock();
  };
}

/** @param {HTMLButtonElement} button */
function toggle(button) {
  const pressed = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(pressed));
  return pressed;
}
