/** The wall's socket: pictures of what is on the screen, and word of changes (docs/wire.md). */

import { backoff } from "../viewer/backoff.js";

const LENGTH_BYTES = 4;

/**
 * @param {ArrayBuffer} message
 * @returns {{id: string, seq: number, jpeg: Uint8Array<ArrayBuffer>}}
 */
export function unpack(message) {
  const length = new DataView(message).getUint32(0, true);
  const about = new Uint8Array(message, LENGTH_BYTES, length);
  return {
    ...JSON.parse(new TextDecoder().decode(about)),
    jpeg: new Uint8Array(message, LENGTH_BYTES + length),
  };
}

/**
 * @typedef {object} Listener
 * @property {(id: string, jpeg: Uint8Array<ArrayBuffer>) => Promise<unknown>} picture resolves when it is drawn
 * @property {() => void} changed
 * @property {(connected: boolean) => void} state
 */

/** One socket after the other while it is started; says again to each what is on the screen. */
export class Feed {
  #url;
  #listener;
  #platform;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {any} */
  #timer = null;
  #attempt = 0;
  #started = false;
  /** @type {string[]} */
  #ids = [];

  /**
   * @param {string} url
   * @param {Listener} listener
   * @param {{WebSocket: any, setTimeout: any, clearTimeout: any, random: () => number}} [platform]
   */
  constructor(url, listener, platform) {
    this.#url = url;
    this.#listener = listener;
    this.#platform = platform ?? {
      WebSocket,
      setTimeout: setTimeout.bind(globalThis),
      clearTimeout: clearTimeout.bind(globalThis),
      random: Math.random,
    };
  }

  start() {
    if (this.#started) return;
    this.#started = true;
    this.#attempt = 0;
    this.#open();
  }

  stop() {
    if (!this.#started) return;
    this.#started = false;
    this.#platform.clearTimeout(this.#timer);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  /** @param {string[]} ids those on the screen */
  watch(ids) {
    if (ids.length === this.#ids.length && ids.every((id, index) => id === this.#ids[index])) return;
    this.#ids = ids;
    this.#say({ type: "watch", ids });
  }

  #open() {
    const socket = new this.#platform.WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (/** @type {MessageEvent} */ { data }) => this.#hear(socket, data);
    socket.onclose = () => this.#closed(socket);
    this.#socket = socket;
  }

  /** @param {WebSocket} socket @param {string | ArrayBuffer} data */
  #hear(socket, data) {
    if (socket !== this.#socket) return;
    if (data instanceof ArrayBuffer) this.#draw(socket, data);
    else this.#heed(JSON.parse(data).type);
  }

  /** @param {string} type */
  #heed(type) {
    if (type === "hello") {
      this.#attempt = 0;
      this.#say({ type: "watch", ids: this.#ids });
      this.#listener.state(true);
    } else if (type === "changed") this.#listener.changed();
  }

  /** @param {WebSocket} socket @param {ArrayBuffer} data */
  async #draw(socket, data) {
    const { id, seq, jpeg } = unpack(data);
    await this.#listener.picture(id, jpeg);
    if (socket === this.#socket) this.#say({ type: "ack", seq });
  }

  /** @param {WebSocket} socket */
  #closed(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#listener.state(false);
    const wait = backoff(this.#attempt, this.#platform.random);
    this.#attempt += 1;
    this.#timer = this.#platform.setTimeout(() => this.#open(), wait);
  }

  /** @param {object} message */
  #say(message) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }
}
