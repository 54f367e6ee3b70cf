/** Fingers on the picture. */

import { listen } from "../dom.js";
import { modifiersOf, touch } from "../wire.js";

/** @typedef {import("../wire.js").Point} Point */

/** Every message holds all fingers that are down; one that lifts while others stay is a move without it. */
export class Touch {
  #canvas;
  #delegate;
  #outbox;
  /** @type {Map<number, {id: number} & Point>} */
  #fingers = new Map();
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./pointer.js").PointerDelegate} delegate
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(canvas, delegate, outbox) {
    this.#canvas = canvas;
    this.#delegate = delegate;
    this.#outbox = outbox;
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [
      listen(this.#canvas, {
        pointerdown: this.#down,
        pointermove: this.#moved,
        pointerup: this.#lifted,
        pointercancel: this.#cancelled,
      }),
    ];
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  release() {
    if (!this.#fingers.size) return;
    this.#fingers.clear();
    this.#outbox.now(touch("cancel", [], 0));
  }

  /** @param {PointerEvent} event */
  #down = (event) => {
    if (event.pointerType !== "touch") return;
    event.preventDefault(); // no mouse events after it
    this.#delegate.stagePressed(event);
    if (!this.#delegate.pressAllowed()) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#place(event);
    this.#outbox.now(touch("start", this.#points(), modifiersOf(event)));
  };

  /** @param {PointerEvent} event */
  #moved = (event) => {
    if (!this.#fingers.has(event.pointerId)) return;
    this.#place(event);
    this.#outbox.soon(touch("move", this.#points(), modifiersOf(event)));
  };

  /** @param {PointerEvent} event */
  #lifted = (event) => {
    if (!this.#fingers.delete(event.pointerId)) return;
    const action = this.#fingers.size ? "move" : "end";
    this.#outbox.now(touch(action, this.#points(), modifiersOf(event)));
  };

  /** @param {PointerEvent} event */
  #cancelled = (event) => {
    if (this.#fingers.has(event.pointerId)) this.release();
  };

  /** @param {PointerEvent} event */
  #place(event) {
    const id = this.#fingers.get(event.pointerId)?.id ?? this.#freeId();
    this.#fingers.set(event.pointerId, { id, ...this.#delegate.pagePoint(event, true) });
  }

  /** Browsers number pointers as they like, up to billions; the remote page's fingers are small numbers. */
  #freeId() {
    const taken = new Set([...this.#fingers.values()].map(({ id }) => id));
    let id = 1;
    while (taken.has(id)) id += 1;
    return id;
  }

  #points() {
    return [...this.#fingers.values()];
  }
}
