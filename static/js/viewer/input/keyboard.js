/** Keys, input methods and pasting while the stage is focused. */

import { listen } from "../dom.js";
import { composition, key, modifiersOf, navigate, text } from "../wire.js";
import { keyModifiers, meaningOf, textOf } from "./keys.js";

/** Under the server's limit of a message, whatever JSON makes of the characters. */
const CHUNK = 100_000;
/** A character to delete, so that the keyboards of phones report a backspace. */
const PADDING = " ";

/**
 * @typedef {object} KeyboardDelegate
 * @property {() => boolean} pressAllowed
 * @property {() => void} leaveStage
 */

/**
 * Listens on a hidden textarea: without one there are no input methods, no paste event and no phone's keyboard.
 */
export class Keyboard {
  #textarea;
  #delegate;
  #outbox;
  #ledger;
  #mac;
  #composing = false;
  /** Something was copied in the remote page since the window was entered, so it is what a paste means. */
  #copiedThere = false;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLTextAreaElement} textarea
   * @param {KeyboardDelegate} delegate
   * @param {import("./outbox.js").Outbox} outbox
   * @param {import("./ledger.js").Ledger} ledger
   * @param {boolean} mac
   */
  constructor(textarea, delegate, outbox, ledger, mac) {
    this.#textarea = textarea;
    this.#delegate = delegate;
    this.#outbox = outbox;
    this.#ledger = ledger;
    this.#mac = mac;
  }

  start() {
    if (this.#undo.length) return;
    this.#empty();
    this.#undo = [
      listen(this.#textarea, {
        keydown: this.#down,
        keyup: this.#up,
        paste: this.#pasted,
        compositionstart: this.#composed,
        compositionupdate: this.#composed,
        compositionend: this.#committed,
        input: this.#typed,
        blur: this.#blurred,
      }),
    ];
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  release() {
    for (const held of this.#ledger.takeKeys()) this.#outbox.now(key("up", held));
  }

  /** @param {KeyboardEvent} event */
  #down = (event) => {
    if (!this.#delegate.pressAllowed()) return;
    const meaning = meaningOf(event);
    if (meaning === "paste" && this.#copiedThere) this.#actions.key?.(event);
    else this.#actions[meaning]?.(event);
  };

  /** What is not named here is left to the browser. @type {Record<string, (event: KeyboardEvent) => void>} */
  #actions = {
    key: (event) => this.#press(event),
    back: (event) => this.#navigate(event, "back"),
    forward: (event) => this.#navigate(event, "forward"),
    reload: (event) => this.#navigate(event, "reload"),
    leave: (event) => {
      event.preventDefault();
      this.release();
      this.#delegate.leaveStage();
    },
  };

  /** @param {KeyboardEvent} event */
  #press(event) {
    event.preventDefault();
    this.#noteCopy(event);
    this.#ledger.keyDown(event);
    this.#outbox.now(
      key("down", event, {
        text: textOf(event, this.#mac),
        modifiers: keyModifiers(event, this.#mac),
        repeat: event.repeat,
      }),
    );
  }

  /**
   * @param {KeyboardEvent} event
   * @param {"back"|"forward"|"reload"} action
   */
  #navigate(event, action) {
    event.preventDefault();
    if (!event.repeat) this.#outbox.now(navigate({ action }));
  }

  /** @param {KeyboardEvent} event */
  #up = (event) => {
    const held = this.#ledger.keyUp(event);
    if (!held) return;
    event.preventDefault();
    this.#outbox.now(key("up", held, { modifiers: modifiersOf(event) }));
    // macOS reports no keyup for keys that were pressed while Command was down.
    if (this.#mac && event.key === "Meta") this.release();
  };

  /** @param {KeyboardEvent} event */
  #noteCopy(event) {
    if (event.ctrlKey && !event.altKey && /^[cx]$/i.test(event.key)) this.#copiedThere = true;
  }

  /** @param {ClipboardEvent} event */
  #pasted = (event) => {
    event.preventDefault();
    this.#insert(event.clipboardData?.getData("text/plain") ?? "");
  };

  /** @param {CompositionEvent} event */
  #composed = (event) => {
    this.#composing = true;
    if (event.type === "compositionupdate") this.#send(composition(event.data));
  };

  /** @param {CompositionEvent} event */
  #committed = (event) => {
    this.#composing = false;
    if (event.data) this.#insert(event.data);
    else this.#send(composition(""));
    this.#empty();
  };

  /** What a phone's keyboard or a dead key typed without a usable keydown. @param {InputEvent} event */
  #typed = (event) => {
    if (this.#composing || event.isComposing) return;
    if (event.inputType === "insertText") this.#insert(event.data ?? "");
    if (event.inputType === "insertLineBreak") this.#tap("Enter", "\r");
    if (event.inputType === "deleteContentBackward") this.#tap("Backspace");
    this.#empty();
  };

  #blurred = () => {
    this.#copiedThere = false;
    this.release();
  };

  /** @param {string} typed */
  #insert(typed) {
    for (const chunk of chunks(typed)) this.#send(text(chunk));
  }

  /**
   * @param {string} name
   * @param {string} [typed]
   */
  #tap(name, typed) {
    this.#send(key("down", { key: name, code: name }, { text: typed }));
    this.#send(key("up", { key: name, code: name }));
  }

  /** @param {import("../wire.js").Message} message */
  #send(message) {
    if (this.#delegate.pressAllowed()) this.#outbox.now(message);
  }

  #empty() {
    this.#textarea.value = PADDING;
  }
}

/**
 * Pieces of a long text; a character outside the basic plane is not cut in two.
 * @param {string} whole
 */
export function* chunks(whole) {
  for (let at = 0; at < whole.length; ) {
    const splits = /[\uD800-\uDBFF]/.test(whole.charAt(at + CHUNK - 1));
    const end = at + CHUNK - (splits ? 1 : 0);
    yield whole.slice(at, end);
    at = end;
  }
}
