/** Mouse and pen over the picture. */

import { listen } from "../dom.js";
import { BUTTON_BITS, BUTTONS, modifiersOf, mouse } from "../wire.js";
import { ClickCounter } from "./clicks.js";

/** @typedef {import("../wire.js").Point} Point */

/**
 * @typedef {object} PointerDelegate
 * @property {() => boolean} pressAllowed false: the press is refused, and the person is told why
 * @property {() => boolean} hoverAllowed
 * @property {(event: {clientX: number, clientY: number}, inside: boolean) => Point} pagePoint
 * @property {(event: PointerEvent) => void} stagePressed
 */

/**
 * A button that goes down or up while another is held arrives as a pointermove, hence one handler for all.
 * While a button is down the canvas keeps the pointer, and points outside the picture are sent as they are.
 */
export class Pointer {
  #canvas;
  #delegate;
  #outbox;
  #ledger;
  #clicks = new ClickCounter();
  /** @type {Point} */
  #point = { x: 0, y: 0 };
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {PointerDelegate} delegate
   * @param {import("./outbox.js").Outbox} outbox
   * @param {import("./ledger.js").Ledger} ledger
   */
  constructor(canvas, delegate, outbox, ledger) {
    this.#canvas = canvas;
    this.#delegate = delegate;
    this.#outbox = outbox;
    this.#ledger = ledger;
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [
      listen(this.#canvas, {
        pointerdown: this.#down,
        pointermove: this.#changed,
        pointerup: this.#changed,
        pointercancel: this.#cancelled,
        mousedown: prevent,
        mouseup: prevent,
        auxclick: prevent,
        contextmenu: prevent,
        dragstart: prevent,
      }),
    ];
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  release() {
    for (const { button, clicks } of this.#ledger.takeButtons()) {
      this.#outbox.now(mouse("up", this.#point, { button, clicks }));
    }
  }

  /** @param {PointerEvent} event */
  #down = (event) => {
    if (event.pointerType === "touch") return;
    this.#delegate.stagePressed(event);
    if (!this.#delegate.pressAllowed()) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#press(event, BUTTONS[event.button]);
  };

  /** @param {PointerEvent} event */
  #changed = (event) => {
    if (event.pointerType === "touch") return;
    if (event.button < 0) this.#move(event);
    else if (event.buttons & BUTTON_BITS[event.button]) this.#press(event, BUTTONS[event.button]);
    else this.#lift(event, BUTTONS[event.button]);
  };

  /** @param {PointerEvent} event */
  #cancelled = (event) => {
    if (event.pointerType !== "touch") this.release();
  };

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#ledger.buttonHeld && !this.#delegate.hoverAllowed()) return;
    this.#outbox.soon(mouse("move", this.#at(event), { ...held(event), button: this.#ledger.dragButton }));
  }

  /**
   * @param {PointerEvent} event
   * @param {string | undefined} button
   */
  #press(event, button) {
    if (!button || !this.#delegate.pressAllowed()) return;
    const clicks = this.#clicks.press(button, event);
    this.#ledger.buttonDown(button, clicks);
    this.#outbox.now(mouse("down", this.#at(event), { ...held(event), button, clicks }));
  }

  /**
   * @param {PointerEvent} event
   * @param {string | undefined} button
   */
  #lift(event, button) {
    const point = this.#at(event);
    const clicks = button ? this.#ledger.buttonUp(button) : null;
    if (!button || clicks === null) return;
    this.#outbox.now(mouse("up", point, { ...held(event), button, clicks }));
  }

  /** @param {PointerEvent} event */
  #at(event) {
    this.#point = this.#delegate.pagePoint(event, !this.#ledger.buttonHeld);
    return this.#point;
  }
}

/** @param {PointerEvent} event */
const held = (event) => ({ buttons: event.buttons & 31, modifiers: modifiersOf(event) });

/** @param {Event} event */
const prevent = (event) => event.preventDefault();
