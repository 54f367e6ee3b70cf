/** Everything a person does to the remote page, in the order in which it was done. */

import { Keyboard } from "./keyboard.js";
import { isMac } from "./keys.js";
import { Ledger } from "./ledger.js";
import { Outbox } from "./outbox.js";
import { Pointer } from "./pointer.js";
import { Touch } from "./touch.js";
import { Wheel } from "./wheel.js";

/**
 * @typedef {import("./pointer.js").PointerDelegate & import("./keyboard.js").KeyboardDelegate & {
 *   pageHeight: () => number,
 *   sendInput: (message: import("../wire.js").Message) => void,
 * }} InputDelegate
 */

export class Input {
  #ledger = new Ledger();
  #outbox;
  #pointer;
  #touch;
  #wheel;
  #keyboard;

  /**
   * @param {{canvas: HTMLCanvasElement, textarea: HTMLTextAreaElement}} parts
   * @param {InputDelegate} delegate
   */
  constructor({ canvas, textarea }, delegate) {
    this.#outbox = new Outbox((message) => delegate.sendInput(message), {
      request: (run) => requestAnimationFrame(run),
      cancel: (frame) => cancelAnimationFrame(frame),
    });
    this.#pointer = new Pointer(canvas, delegate, this.#outbox, this.#ledger);
    this.#touch = new Touch(canvas, delegate, this.#outbox);
    this.#wheel = new Wheel(canvas, delegate, this.#outbox);
    this.#keyboard = new Keyboard(textarea, delegate, this.#outbox, this.#ledger, isMac(navigator));
  }

  start() {
    for (const device of [this.#pointer, this.#touch, this.#wheel, this.#keyboard]) device.start();
  }

  stop() {
    this.release();
    this.#outbox.clear();
    for (const device of [this.#pointer, this.#touch, this.#wheel, this.#keyboard]) device.stop();
  }

  /** Lets go of every key, button and finger; for when the person looks away. */
  release() {
    for (const device of [this.#pointer, this.#touch, this.#keyboard]) device.release();
  }

  /** Sends what waits, so that the message that follows comes after it. */
  flush() {
    this.#outbox.flush();
  }
}
