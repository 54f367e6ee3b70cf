/** The remote page asks for files: one of the session's own, or some of this computer, which are sent there first. */

import { listen, part, write } from "./dom.js";
import { file } from "./wire.js";

/** @typedef {import("./wire.js").Message} Message */

/** Of a file, in each message; the next one goes when it has been stored. */
const PIECE_BYTES = 256 * 1024;
const UNITS = ["KB", "MB", "GB"];

export class FileChooser {
  #delegate;
  /** @type {HTMLElement} */
  #overlay;
  /** @type {HTMLFormElement} */
  #form;
  /** @type {HTMLElement} */
  #title;
  /** @type {HTMLElement} */
  #list;
  /** @type {HTMLElement} */
  #none;
  /** @type {HTMLElement} */
  #progress;
  /** @type {HTMLInputElement} */
  #input;
  /** @type {HTMLButtonElement} */
  #local;
  /** @type {HTMLButtonElement} */
  #choose;
  /** @type {HTMLButtonElement} */
  #cancel;
  /** @type {Message | null} */
  #open = null;
  #steering = false;
  #sending = false;
  /** @type {((answer: Message) => void) | null} */
  #answered = null;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLElement} section
   * @param {import("./toolbar.js").ToolbarDelegate} delegate
   */
  constructor(section, delegate) {
    this.#delegate = delegate;
    this.#overlay = part(section, "files");
    this.#form = part(section, "files-form");
    this.#title = part(section, "files-title");
    this.#list = part(section, "files-list");
    this.#none = part(section, "files-none");
    this.#progress = part(section, "files-progress");
    this.#input = part(section, "files-input");
    this.#local = part(section, "files-local");
    this.#choose = part(section, "files-ok");
    this.#cancel = part(section, "files-cancel");
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [
      listen(this.#form, {
        submit: this.#submitted,
        change: () => this.#enable(),
        keydown: this.#keyed,
        dragover: this.#dragged,
        drop: this.#dropped,
      }),
      listen(this.#cancel, { click: () => this.#dismiss() }),
      listen(this.#local, { click: () => this.#input.click() }),
      listen(this.#input, { change: this.#picked }),
    ];
  }

  stop() {
    this.hide();
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** @param {Message} message a `filechooser` message */
  show(message) {
    if (!message.open) {
      if (this.#open?.id === message.id) this.hide();
    } else if ("received" in message) {
      this.#answered?.(message);
    } else {
      this.#fill(message);
    }
  }

  /** @param {Message} message an `error` message; what is being sent is not taken */
  erred(message) {
    this.#answered?.(message);
  }

  hide() {
    const focused = this.#form.contains(this.#form.ownerDocument.activeElement);
    this.#open = null;
    this.#answered?.({ type: "filechooser", open: false });
    this.#overlay.hidden = true;
    if (focused) this.#delegate.focusStage();
  }

  /** @param {boolean} steering */
  showSteering(steering) {
    this.#steering = steering;
    this.#enable();
  }

  /** @param {Message} message */
  #fill(message) {
    const isNew = this.#open?.id !== message.id;
    this.#open = message;
    if (!isNew) return;
    write(this.#title, message.multiple ? "The page asks for files" : "The page asks for a file");
    write(this.#progress, "");
    this.#input.multiple = message.multiple;
    this.#input.accept = message.accept;
    this.#list.replaceChildren(...message.files.map((/** @type {File} */ each) => this.#row(each)));
    this.#list.hidden = !message.files.length;
    this.#none.hidden = Boolean(message.files.length);
    this.#overlay.hidden = false;
    this.#enable();
    if (this.#steering) this.#local.focus();
  }

  /** @param {{name: string, size: number}} each */
  #row({ name, size }) {
    const row = document.createElement("label");
    const box = document.createElement("input");
    const words = document.createElement("span");
    const note = document.createElement("span");
    row.className = "viewer-file";
    box.type = this.#open?.multiple ? "checkbox" : "radio";
    box.name = "file";
    box.value = name;
    words.textContent = words.title = name;
    note.textContent = shownSize(size);
    row.append(box, words, note);
    return row;
  }

  #enable() {
    const idle = this.#steering && !this.#sending;
    for (const each of this.#list.querySelectorAll("input")) each.disabled = !idle;
    this.#local.disabled = !idle;
    this.#cancel.disabled = !this.#steering;
    this.#choose.disabled = !idle || !this.#chosen.length;
  }

  get #chosen() {
    return [...this.#list.querySelectorAll("input")].filter((box) => box.checked).map((box) => box.value);
  }

  /** @param {SubmitEvent} event */
  #submitted = (event) => {
    event.preventDefault();
    if (!this.#choose.disabled) this.#give(this.#chosen);
  };

  #picked = () => {
    const files = [...(this.#input.files ?? [])];
    this.#input.value = "";
    this.#send(files);
  };

  /** @param {DragEvent} event */
  #dragged = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.#local.disabled ? "none" : "copy";
  };

  /** @param {DragEvent} event */
  #dropped = (event) => {
    event.preventDefault();
    if (!this.#local.disabled) this.#send([...(event.dataTransfer?.files ?? [])]);
  };

  /** @param {KeyboardEvent} event */
  #keyed = (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.#dismiss();
  };

  /**
   * All of them, then they are what was chosen.
   * @param {File[]} files
   */
  async #send(files) {
    const open = this.#open;
    if (!open || !files.length || this.#sending) return;
    this.#sending = true;
    this.#enable();
    let trouble = "";
    const names = await this.#storeAll(open.multiple ? files : files.slice(0, 1), open.id).catch((error) => {
      trouble = error.message;
      return [];
    });
    this.#sending = false;
    this.#enable();
    if (this.#open !== open) return;
    write(this.#progress, trouble);
    if (names.length) this.#give(names);
  }

  /**
   * @param {File[]} files
   * @param {number} id
   */
  async #storeAll(files, id) {
    /** @type {string[]} */
    const names = [];
    for (const each of files) names.push(await this.#store(each, id));
    return names;
  }

  /**
   * The name that it has there.
   * @param {File} local
   * @param {number} id
   * @returns {Promise<string>}
   */
  async #store(local, id) {
    for (let at = 0; ; at += PIECE_BYTES) {
      const last = at + PIECE_BYTES >= local.size;
      const data = await base64Of(local.slice(at, at + PIECE_BYTES));
      write(this.#progress, `Sending ${local.name}: ${Math.floor((100 * at) / (local.size || 1))} %`);
      const answer = await this.#say(file.upload(id, local.name, data, last));
      if (answer.stored) return answer.stored;
      if (!("received" in answer)) throw new Error(answer.message ?? "The page no longer asks for a file.");
    }
  }

  /**
   * @param {Message} message
   * @returns {Promise<Message>} what the server says to it
   */
  #say(message) {
    return new Promise((resolve) => {
      this.#answered = (answer) => {
        this.#answered = null;
        resolve(answer);
      };
      if (this.#open) this.#delegate.command(message);
      else this.#answered({ type: "filechooser", open: false });
    });
  }

  /** @param {string[]} names */
  #give(names) {
    if (!this.#open || !this.#steering) return;
    this.#delegate.command(file.choose(this.#open.id, names));
    this.hide();
  }

  #dismiss() {
    if (!this.#open || !this.#steering) return;
    this.#delegate.command(file.cancel(this.#open.id));
    this.hide();
  }
}

/**
 * @param {Blob} piece
 * @returns {Promise<string>}
 */
function base64Of(piece) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(new Error("The file cannot be read.")));
    reader.readAsDataURL(piece);
  });
}

/** As the lists of the pages have it. @param {number} bytes */
export function shownSize(bytes) {
  const step = Math.min(UNITS.length, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return step ? `${(bytes / 1024 ** step).toFixed(1)} ${UNITS[step - 1]}` : `${bytes} bytes`;
}
