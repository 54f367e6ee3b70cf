/** Keeps a viewer attached to its session: one attempt at a time, and another when that is lost. */

import { Attempt } from "./attempt.js";
import { backoff, pause, verdictOnClose } from "./backoff.js";
import { TicketRefused } from "./ticket.js";

/** @typedef {"idle"|"connecting"|"waiting"|"connected"|"reconnecting"|"ended"|"refused"|"stopped"} State */
/** @typedef {import("./wire.js").Message} Message */
/** @typedef {import("./backoff.js").Verdict} Verdict */

/**
 * @typedef {object} Detail
 * @property {string} title
 * @property {string} text
 * @property {number} attempt how many tries since the connection was lost
 * @property {number | null} retryAt when the next try begins (the environment's clock), null while one runs
 */

/**
 * @typedef {object} ConnectionDelegate
 * @property {(state: State, detail: Detail) => void} connectionChanged
 * @property {(message: Message) => void} messageReceived
 * @property {(data: ArrayBuffer) => void} frameReceived
 */

/** @type {Readonly<Record<State, readonly State[]>>} */
const MOVES = {
  idle: ["connecting", "stopped"],
  connecting: ["waiting", "connected", "reconnecting", "ended", "refused", "stopped"],
  waiting: ["waiting", "connected", "reconnecting", "ended", "refused", "stopped"],
  connected: ["reconnecting", "ended", "refused", "stopped"],
  reconnecting: ["waiting", "reconnecting", "connected", "ended", "refused", "stopped"],
  ended: ["stopped"],
  refused: ["stopped"],
  stopped: [],
};

/** @type {ReadonlySet<State>} */
const ATTACHING = new Set(["connecting", "waiting", "connected", "reconnecting"]);

/** Ends for good in `ended`, `refused` or `stopped`; whoever wants to try once more makes a new one. */
export class Connection {
  #delegate;
  #environment;
  /** @type {State} */
  #state = "idle";
  #tries = 0;
  /** @type {Attempt | null} */
  #attempt = null;
  /** @type {any} */
  #timer = null;

  /**
   * @param {ConnectionDelegate} delegate
   * @param {import("./attempt.js").Environment} environment
   */
  constructor(delegate, environment) {
    this.#delegate = delegate;
    this.#environment = environment;
  }

  get state() {
    return this.#state;
  }

  start() {
    if (this.#state !== "idle") return;
    this.#become("connecting");
    this.#try();
  }

  stop() {
    if (this.#state === "stopped") return;
    this.#drop();
    this.#state = "stopped";
  }

  /** @param {string} data */
  send(data) {
    if (this.#state === "connected") this.#attempt?.send(data);
  }

  /** Ends a wait: somebody is looking again, or asked. */
  retryNow() {
    if (this.#timer !== null) this.#tryAgain();
  }

  /** The network is back: a socket from before is likely dead, though nobody will say so for a long time. */
  renew() {
    if (ATTACHING.has(this.#state)) this.#tryAgain();
  }

  #tryAgain() {
    this.#drop();
    if (this.#state !== "waiting") this.#become("reconnecting", { attempt: this.#tries });
    this.#try();
  }

  #try() {
    this.#attempt = new Attempt(this.#attemptDelegate, this.#environment);
    this.#attempt.open();
  }

  /** @type {import("./attempt.js").AttemptDelegate} */
  #attemptDelegate = {
    attemptReceived: (message) => this.#received(message),
    attemptReceivedFrame: (data) => this.#delegate.frameReceived(data),
    attemptClosed: (code) => this.#obey(verdictOnClose(code)),
    attemptFailed: (error) =>
      this.#obey(error instanceof TicketRefused ? error.verdict : { next: "reconnect", floor: 0 }),
  };

  /** @param {Message} message */
  #received(message) {
    if (message.type === "hello" && this.#state !== "connected") {
      this.#tries = 0;
      this.#become("connected");
    }
    if (message.type === "ended") {
      this.#obey({ next: "ended", title: "Session ended", text: message.message });
    } else {
      this.#delegate.messageReceived(message);
    }
  }

  /** @param {Verdict} verdict */
  #obey(verdict) {
    this.#drop();
    if (verdict.next === "reconnect") {
      this.#wait(verdict.floor);
      return;
    }
    this.#become(verdict.next, verdict);
    if (verdict.next === "waiting") {
      this.#tries = 0;
      this.#timer = this.#environment.setTimeout(() => this.#tryAgain(), pause(this.#environment.random));
    }
  }

  /** @param {number} floor */
  #wait(floor) {
    const wait = backoff(this.#tries, this.#environment.random, floor);
    this.#tries += 1;
    this.#timer = this.#environment.setTimeout(() => this.#tryAgain(), wait);
    this.#become("reconnecting", { attempt: this.#tries, retryAt: this.#environment.now() + wait });
  }

  #drop() {
    this.#environment.clearTimeout(this.#timer);
    this.#timer = null;
    this.#attempt?.close();
    this.#attempt = null;
  }

  /**
   * @param {State} state
   * @param {Partial<Detail>} [detail]
   */
  #become(state, { title = "", text = "", attempt = 0, retryAt = null } = {}) {
    if (!MOVES[this.#state].includes(state)) {
      throw new Error(`a connection that is ${this.#state} cannot become ${state}`);
    }
    this.#state = state;
    this.#delegate.connectionChanged(state, { title, text, attempt, retryAt });
  }
}
