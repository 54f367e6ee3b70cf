/** Scrolling over the picture. */

import { listen } from "../dom.js";
import { modifiersOf, wheel } from "../wire.js";

/** Three lines are a notch, and a notch is 120 pixels in Chromium. */
const LINE_PX = 40;

export class Wheel {
  #canvas;
  #delegate;
  #outbox;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./pointer.js").PointerDelegate & {pageHeight: () => number}} delegate
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(canvas, delegate, outbox) {
    this.#canvas = canvas;
    this.#delegate = delegate;
    this.#outbox = outbox;
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [listen(this.#canvas, { wheel: this.#wheeled }, { passive: false })];
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** @param {WheelEvent} event */
  #wheeled = (event) => {
    event.preventDefault();
    if (!this.#delegate.pressAllowed()) return;
    const point = this.#delegate.pagePoint(event, true);
    this.#outbox.soon(wheel(point, inPixels(event, this.#delegate.pageHeight()), modifiersOf(event)));
  };
}

/**
 * @param {{deltaX: number, deltaY: number, deltaMode: number}} event
 * @param {number} pageHeight
 */
export function inPixels({ deltaX, deltaY, deltaMode }, pageHeight) {
  const unit = [1, LINE_PX, pageHeight][deltaMode] ?? 1;
  return { dx: deltaX * unit, dy: deltaY * unit };
}
