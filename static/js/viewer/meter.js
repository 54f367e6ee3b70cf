/** What the HUD shows, counted; pure. */

/** @typedef {{at: number, bytes: number}} Drawn */
/** @typedef {{seq: number, at: number}} Sent */

const SECOND = 1000;
const SAMPLES = 20;
/** A picture that comes later than this was not changed by the input (a click on nothing, on a still page). */
const UNRELATED_MS = 1000;
const MAX_SENT = 256;

export class Meter {
  /** @type {Drawn[]} */
  #drawn = [];
  /** @type {Sent[]} */
  #sent = [];
  /** @type {number[]} */
  #samples = [];

  /**
   * @param {number} seq
   * @param {number} now
   */
  inputSent(seq, now) {
    this.#sent.push({ seq, at: now });
    if (this.#sent.length > MAX_SENT) this.#sent.shift();
  }

  /**
   * @param {{inputSeq: number, bytes: number}} frame
   * @param {number} now
   */
  frameDrawn(frame, now) {
    this.#drawn.push({ at: now, bytes: frame.bytes });
    this.#forget(now);
    while (this.#sent.length && this.#sent[0].seq <= frame.inputSeq) this.#sample(now - this.#sent[0].at);
  }

  /** A new socket counts anew: nothing that was sent before will come back. */
  reset() {
    this.#sent = [];
  }

  /**
   * @param {number} now
   * @returns {{fps: number, kilobytes: number, latency: number | null}} frames and kilobytes of the last
   *   second, and the median time from an input to the first picture that shows it
   */
  read(now) {
    this.#forget(now);
    const bytes = this.#drawn.reduce((sum, drawn) => sum + drawn.bytes, 0);
    return { fps: this.#drawn.length, kilobytes: bytes / 1024, latency: median(this.#samples) };
  }

  /** @param {number} ms */
  #sample(ms) {
    this.#sent.shift();
    if (ms > UNRELATED_MS) return;
    this.#samples.push(ms);
    if (this.#samples.length > SAMPLES) this.#samples.shift();
  }

  /** @param {number} now */
  #forget(now) {
    while (this.#drawn.length && this.#drawn[0].at <= now - SECOND) this.#drawn.shift();
  }
}

/** @param {number[]} values */
export function median(values) {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
