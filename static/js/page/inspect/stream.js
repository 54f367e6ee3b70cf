/** A session's timeline as it grows: one event stream, read only while somebody looks (docs/events.md). */

/**
 * @typedef {{id: number, at: string, kind: string, data: Record<string, any>}} Entry
 * @typedef {"reading" | "live" | "broken" | "refused" | "over"} State
 * @typedef {Pick<EventSource, "readyState" | "close"> & EventTarget} Source
 */

export const KINDS = [
  "lifecycle",
  "navigation",
  "tab",
  "viewer",
  "control",
  "label",
  "dialog",
  "download",
  "console",
  "error",
  "network",
];
// What comes at once is handed on at once.
const TOGETHER_MS = 50;
const CLOSED = 2;

/** `receive` gets entries in order, each once; `say` hears how the reading goes. Both `start` and `stop` may be repeated. */
export class Stream {
  /**
   * @param {string} address
   * @param {{receive: (entries: Entry[]) => void, say: (state: State) => void, open?: (address: string) => Source}} how
   */
  constructor(address, { receive, say, open = (url) => new EventSource(url) }) {
    this.address = address;
    this.receive = receive;
    this.say = say;
    this.open = open;
  }

  /** The session has ended: when the server closes the stream, there is no more. */
  hasEnded = false;
  /** @type {State} */
  #state = "reading";
  /** @type {Source | null} */
  #source = null;
  /** @type {Entry[]} */
  #waiting = [];
  #after = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;

  get isRefused() {
    return this.#state === "refused";
  }

  start() {
    if (this.#source || this.#state === "over") return;
    const source = this.open(`${this.address}?after=${this.#after}`);
    for (const kind of KINDS) source.addEventListener(kind, this.#heard);
    source.addEventListener("open", this.#opened);
    source.addEventListener("error", this.#failed);
    this.#source = source;
  }

  stop() {
    const source = this.#source;
    this.#source = null;
    if (!source) return;
    for (const kind of KINDS) source.removeEventListener(kind, this.#heard);
    source.removeEventListener("open", this.#opened);
    source.removeEventListener("error", this.#failed);
    source.close();
    this.#flush();
  }

  /** The first time, entries tell it: there is one as soon as there is a session. */
  #opened = () => {
    if (this.#state !== "reading") this.#become("live");
  };

  /** @param {Event} event */
  #heard = (event) => {
    if (!("data" in event) || typeof event.data !== "string") return;
    /** @type {Entry} */
    const entry = JSON.parse(event.data);
    // A stream that is opened again may begin with what is known.
    if (entry.id <= this.#after) return;
    this.#after = entry.id;
    this.#waiting.push(entry);
    this.#soon ??= setTimeout(this.#flush, TOGETHER_MS);
    if (entry.kind === "lifecycle" && entry.data.reason) this.#finish();
  };

  /** @param {Event} event also an entry of this kind has the name */
  #failed = (event) => {
    if ("data" in event) return;
    if (this.#source?.readyState === CLOSED) {
      this.stop();
      this.#become("refused");
    } else if (this.hasEnded) {
      this.#finish();
    } else {
      this.#become("broken");
    }
  };

  #flush = () => {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    const entries = this.#waiting;
    this.#waiting = [];
    if (!entries.length) return;
    this.receive(entries);
    if (this.#state === "reading") this.#become("live");
  };

  #finish() {
    this.stop();
    this.#become("over");
  }

  /** @param {State} state */
  #become(state) {
    this.#state = state;
    this.say(state);
  }
}
