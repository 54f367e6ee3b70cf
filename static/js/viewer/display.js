/** The canvas and its pixels; knows nothing of sockets. */

import { MEDIA_TYPES } from "./wire.js";

/** @typedef {import("./wire.js").Frame} Frame */

/**
 * @typedef {object} DisplayDelegate
 * @property {(frame: Frame) => void} frameDrawn the moment after the pixels changed
 */

/**
 * Draws each frame as soon as it is decoded. While one is being decoded only the newest of those
 * that arrive is kept: an acknowledgement is cumulative, so the skipped ones need none.
 */
export class Display {
  #canvas;
  #context;
  #delegate;
  #decode;
  #decoding = false;
  /** Frames of an earlier life are not drawn over those of a later one. */
  #life = 0;
  /** @type {Frame | null} */
  #pending = null;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {DisplayDelegate} delegate
   * @param {(picture: Blob) => Promise<ImageBitmap>} [decode]
   */
  constructor(canvas, delegate, decode = (picture) => createImageBitmap(picture)) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
    this.#delegate = delegate;
    this.#decode = decode;
  }

  /** @param {Frame} frame */
  show(frame) {
    if (this.#decoding) this.#pending = frame;
    else this.#draw(frame, this.#life);
  }

  /** Forgets what has not been drawn; the last picture stays. */
  reset() {
    this.#life += 1;
    this.#pending = null;
    this.#decoding = false;
  }

  /**
   * @param {Frame} frame
   * @param {number} life
   */
  async #draw(frame, life) {
    this.#decoding = true;
    const bitmap = await this.#bitmapOf(frame);
    if (life === this.#life) {
      if (bitmap) this.#paint(bitmap);
      this.#delegate.frameDrawn(frame);
      this.#next();
    }
    bitmap?.close();
  }

  /**
   * A picture that cannot be decoded counts as drawn: without its acknowledgement the stream would stand still.
   * @param {Frame} frame
   */
  async #bitmapOf(frame) {
    try {
      return await this.#decode(new Blob([frame.picture], { type: MEDIA_TYPES[frame.format] }));
    } catch {
      return null;
    }
  }

  #next() {
    const frame = this.#pending;
    this.#pending = null;
    this.#decoding = false;
    if (frame) this.#draw(frame, this.#life);
  }

  /** @param {ImageBitmap} bitmap */
  #paint(bitmap) {
    const { width, height } = bitmap;
    if (this.#canvas.width !== width || this.#canvas.height !== height) this.#resize(width, height);
    this.#context.drawImage(bitmap, 0, 0);
  }

  /**
   * Setting a canvas's size clears it, so this happens only when the picture's size changed, right before drawing.
   * @param {number} width
   * @param {number} height
   */
  #resize(width, height) {
    this.#canvas.width = width;
    this.#canvas.height = height;
  }
}
