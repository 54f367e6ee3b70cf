/** The order of what is sent: buttons and keys at once, moves and scrolls at most once a picture of the window. */

/** @typedef {import("../wire.js").Message} Message */

/**
 * The first move after a pause goes out at once; those that follow within the same animation frame become one.
 * Whatever waits goes out before anything that may not wait, so the order is kept. Idle, it asks for no frames.
 */
export class Outbox {
  #send;
  #frames;
  /** @type {Message | null} */
  #waiting = null;
  /** @type {number | null} */
  #frame = null;

  /**
   * @param {(message: Message) => void} send
   * @param {{request: (run: () => void) => number, cancel: (frame: number) => void}} frames
   */
  constructor(send, frames) {
    this.#send = send;
    this.#frames = frames;
  }

  /** @param {Message} message */
  now(message) {
    this.flush();
    this.#send(message);
  }

  /** @param {Message} message a move or a scroll */
  soon(message) {
    if (this.#frame === null) {
      this.#send(message);
      this.#arm();
      return;
    }
    if (this.#waiting && !mergeable(this.#waiting, message)) this.flush();
    this.#waiting = this.#waiting ? merged(this.#waiting, message) : message;
  }

  flush() {
    const message = this.#waiting;
    this.#waiting = null;
    if (message) this.#send(message);
  }

  /** Drops what waits. */
  clear() {
    if (this.#frame !== null) this.#frames.cancel(this.#frame);
    this.#frame = null;
    this.#waiting = null;
  }

  #arm() {
    this.#frame = this.#frames.request(this.#tick);
  }

  #tick = () => {
    this.#frame = null;
    if (!this.#waiting) return;
    this.flush();
    this.#arm();
  };
}

/**
 * @param {Message} a
 * @param {Message} b
 */
function mergeable(a, b) {
  return a.type === b.type && a.modifiers === b.modifiers;
}

/**
 * @param {Message} before
 * @param {Message} after
 * @returns {Message}
 */
function merged(before, after) {
  if (after.type !== "wheel") return after;
  return { ...after, dx: before.dx + after.dx, dy: before.dy + after.dy };
}
