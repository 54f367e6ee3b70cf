/** One ticket and the one socket that it opens; never used twice. */

import { parseMessage } from "./wire.js";

/** @typedef {import("./wire.js").Message} Message */

/**
 * @typedef {object} AttemptDelegate
 * @property {(message: Message) => void} attemptReceived
 * @property {(data: ArrayBuffer) => void} attemptReceivedFrame
 * @property {(code: number) => void} attemptClosed
 * @property {(error: unknown) => void} attemptFailed
 */

/**
 * @typedef {object} Environment
 * @property {import("./ticket.js").FetchTicket} fetchTicket
 * @property {new (url: string) => WebSocket} WebSocket
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random
 * @property {() => number} now
 */

/**
 * What this window gives.
 * @param {import("./ticket.js").FetchTicket} fetchTicket
 * @returns {Environment}
 */
export const windowEnvironment = (fetchTicket) => ({
  fetchTicket,
  WebSocket,
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
  now: () => Date.now(),
});

const OPEN_MS = 10_000;
const ABNORMAL = 1006;

export class Attempt {
  #delegate;
  #environment;
  #abort = new AbortController();
  #over = false;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {any} */
  #deadline = null;

  /**
   * @param {AttemptDelegate} delegate
   * @param {Environment} environment
   */
  constructor(delegate, environment) {
    this.#delegate = delegate;
    this.#environment = environment;
  }

  async open() {
    this.#deadline = this.#environment.setTimeout(this.#tookTooLong, OPEN_MS);
    try {
      const url = await this.#environment.fetchTicket(this.#abort.signal);
      if (!this.#over) this.#attach(new this.#environment.WebSocket(url));
    } catch (error) {
      if (this.#finish()) this.#delegate.attemptFailed(error);
    }
  }

  /** Says nothing more to its delegate from here on. */
  close() {
    this.#finish();
    this.#socket?.close(1000);
  }

  /** @param {string} data */
  send(data) {
    if (this.#socket?.readyState === 1) this.#socket.send(data);
  }

  /** @param {WebSocket} socket */
  #attach(socket) {
    socket.binaryType = "arraybuffer";
    socket.onmessage = this.#received;
    socket.onclose = this.#closed;
    this.#socket = socket;
  }

  /** @param {MessageEvent} event */
  #received = ({ data }) => {
    if (this.#over) return;
    if (typeof data !== "string") {
      this.#delegate.attemptReceivedFrame(data);
      return;
    }
    const message = parseMessage(data);
    if (message?.type === "hello") this.#environment.clearTimeout(this.#deadline);
    if (message) this.#delegate.attemptReceived(message);
  };

  /** @param {CloseEvent} event */
  #closed = ({ code }) => {
    if (this.#finish()) this.#delegate.attemptClosed(code);
  };

  #tookTooLong = () => {
    const first = this.#finish();
    this.#socket?.close(1000);
    if (first) this.#delegate.attemptClosed(ABNORMAL);
  };

  /** True for the first caller only. */
  #finish() {
    if (this.#over) return false;
    this.#over = true;
    this.#environment.clearTimeout(this.#deadline);
    this.#abort.abort();
    return true;
  }
}
