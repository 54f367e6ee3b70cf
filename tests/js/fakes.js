/** Small stand-ins for what a browser gives the viewer. */

/** Runs what was asked for when the test says so. */
export class FakeFrames {
  #asked = new Map();
  #last = 0;

  request = (run) => {
    this.#last += 1;
    this.#asked.set(this.#last, run);
    return this.#last;
  };

  cancel = (frame) => this.#asked.delete(frame);

  get waiting() {
    return this.#asked.size;
  }

  tick() {
    const due = [...this.#asked.values()];
    this.#asked.clear();
    for (const run of due) run();
  }
}

export class FakeClock {
  time = 0;
  #timers = new Map();
  #last = 0;

  now = () => this.time;

  setTimeout = (run, ms) => {
    this.#last += 1;
    this.#timers.set(this.#last, { run, at: this.time + ms });
    return this.#last;
  };

  clearTimeout = (timer) => this.#timers.delete(timer);

  get waiting() {
    return this.#timers.size;
  }

  pass(ms) {
    this.time += ms;
    for (const [id, { run, at }] of [...this.#timers]) {
      if (at <= this.time && this.#timers.delete(id)) run();
    }
  }
}

export class FakeWebSocket {
  static made = [];

  readyState = 1;
  sent = [];
  closedWith = null;
  onmessage = null;
  onclose = null;

  constructor(url) {
    this.url = url;
    FakeWebSocket.made.push(this);
  }

  send(data) {
    this.sent.push(data);
  }

  close(code) {
    this.closedWith = code;
    this.readyState = 3;
  }

  says(message) {
    this.onmessage({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }

  dies(code) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

/** An element with what the viewer's parts touch; everything else is missing on purpose. */
export class FakeElement extends EventTarget {
  dataset = {};
  style = { values: {}, setProperty: (name, value) => Object.assign(this.style.values, { [name]: value }) };
  captured = [];
  width = 0;
  height = 0;
  value = "";

  setPointerCapture(pointer) {
    this.captured.push(pointer);
  }
}

const NO_KEYS = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };

/** An event of any kind with plain properties. */
export function happen(target, type, properties = {}) {
  const event = Object.assign(new Event(type, { cancelable: true }), NO_KEYS, properties);
  target.dispatchEvent(event);
  return event;
}

/** What keys.js reads of a KeyboardEvent. */
export const keyFacts = (properties) => ({
  ...NO_KEYS,
  code: "",
  getModifierState: () => false,
  ...properties,
});

/** Lets every promise that can settle do so. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
