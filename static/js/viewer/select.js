/** The open list of the remote page's `<select>`, which Chromium draws outside the page's picture. */

import { listen, part } from "./dom.js";
import { between, fromPage, placed } from "./geometry.js";
import { meaningOf, textOf } from "./input/keys.js";
import { found, moved, runsOf, TypeAhead } from "./options.js";
import { select } from "./wire.js";

/** @typedef {import("./wire.js").Message} Message */
/** @typedef {import("./geometry.js").Size} Size */
/** @typedef {import("./options.js").Option} Option */

/**
 * @typedef {object} SelectListDelegate
 * @property {(message: Message) => void} command
 * @property {() => void} leaveStage
 */

const CHOOSING = new Set(["Enter", " ", "Tab"]);
/** The text is as large as in the picture, while that can be read. */
const FONT_PX = { page: 14, least: 12, most: 18 };

/**
 * While it takes input, nothing that is done reaches the page (the hub's `pressAllowed` and `hoverAllowed`). Its own
 * handlers stand above the picture and the textarea, so those have asked before the list closes.
 */
export class SelectList {
  #delegate;
  /** @type {HTMLElement} */
  #stage;
  /** @type {HTMLElement} */
  #room;
  /** @type {HTMLCanvasElement} */
  #canvas;
  /** @type {HTMLTextAreaElement} */
  #keys;
  /** @type {HTMLElement} */
  #list;
  /** @type {HTMLElement[]} */
  #rows = [];
  /** @type {Message | null} */
  #open = null;
  #active = -1;
  #steering = false;
  #typing = new TypeAhead();
  #tab = 0;
  /** @type {Size} */
  #viewport = { width: 0, height: 0 };
  #observer = new ResizeObserver(() => this.#place());
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLElement} section
   * @param {SelectListDelegate} delegate
   */
  constructor(section, delegate) {
    this.#delegate = delegate;
    this.#stage = part(section, "stage");
    this.#room = part(section, "room");
    this.#canvas = part(section, "canvas");
    this.#keys = part(section, "keys");
    this.#list = part(section, "select");
  }

  get takesInput() {
    return this.#open !== null && this.#steering;
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [
      listen(this.#list, { pointermove: this.#pointed, click: this.#clicked, mousedown: prevent }),
      listen(this.#room, { keydown: this.#keyed, scroll: () => this.#place() }),
      listen(document, { pointerdown: this.#pressed }),
    ];
    this.#observer.observe(this.#stage);
    this.#observer.observe(this.#canvas);
  }

  stop() {
    this.hide();
    this.#observer.disconnect();
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** @param {Message} message a `select` message */
  show(message) {
    if (!message.open) {
      if (this.#open?.id === message.id) this.hide();
      return;
    }
    this.#open = message;
    this.#typing = new TypeAhead();
    this.#fill(message);
    this.#list.hidden = false;
    this.#place();
    this.#highlight(message.selected);
    this.#enable();
  }

  hide() {
    this.#open = null;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#rows = [];
    this.#enable();
  }

  /** The list lies over one tab. @param {Message} page a `state` message */
  showPage({ tab, viewport }) {
    if (tab !== this.#tab) this.hide();
    this.#tab = tab;
    this.#viewport = viewport;
    this.#place();
  }

  /** @param {boolean} steering */
  showSteering(steering) {
    this.#steering = steering;
    if (!steering && this.#open) this.#highlight(this.#open.selected);
    this.#enable();
  }

  #enable() {
    this.#list.toggleAttribute("data-passive", !this.#steering);
    if (this.takesInput) this.#keys.setAttribute("aria-controls", this.#list.id);
    else this.#keys.removeAttribute("aria-controls");
    this.#announce();
  }

  /** @param {Message} message */
  #fill({ options, selected }) {
    this.#rows = options.map((/** @type {Option} */ option, /** @type {number} */ index) =>
      this.#rowOf(option, index, index === selected),
    );
    const parts = runsOf(options).flatMap(({ group, from, to }) => {
      const rows = this.#rows.slice(from, to);
      return group ? [this.#groupOf(group, rows)] : rows;
    });
    this.#list.replaceChildren(...parts);
  }

  /**
   * @param {Option} option
   * @param {number} index
   * @param {boolean} selected
   */
  #rowOf({ label, disabled }, index, selected) {
    const row = this.#made("viewer-option", "option", label);
    row.id = `${this.#list.id}-${index}`;
    row.dir = "auto";
    row.ariaSelected = String(selected);
    if (disabled) row.ariaDisabled = "true";
    return row;
  }

  /**
   * @param {string} label
   * @param {HTMLElement[]} rows
   */
  #groupOf(label, rows) {
    const group = this.#made("viewer-options", "group");
    group.ariaLabel = label;
    group.append(this.#made("viewer-options-title", "presentation", label), ...rows);
    return group;
  }

  /**
   * @param {string} className
   * @param {string} role
   * @param {string} [words]
   */
  #made(className, role, words = "") {
    const element = this.#list.ownerDocument.createElement("div");
    element.className = className;
    element.setAttribute("role", role);
    element.textContent = words;
    return element;
  }

  #place() {
    if (!this.#open) return;
    const stage = this.#stage.getBoundingClientRect();
    const picture = this.#canvas.getBoundingClientRect();
    const onStage = { ...sizeOf(picture), left: picture.left - stage.left, top: picture.top - stage.top };
    const { x, y, width, height: tall } = this.#open;
    const box = fromPage({ left: x, top: y, width, height: tall }, onStage, this.#viewport);
    const scale = picture.width / this.#viewport.width || 1;
    this.#set("font", between(FONT_PX.page * scale, FONT_PX.least, FONT_PX.most));
    this.#set("least", box.width);
    this.#set("most", stage.height);
    const { left, top, height } = placed(box, sizeOf(stage), sizeOf(this.#list.getBoundingClientRect()));
    this.#set("left", left);
    this.#set("top", top);
    this.#set("most", height);
  }

  /**
   * @param {"font"|"least"|"most"|"left"|"top"} name
   * @param {number} pixels
   */
  #set(name, pixels) {
    this.#list.style.setProperty(`--viewer-list-${name}`, `${pixels}px`);
  }

  /** @param {number} index -1 for none */
  #highlight(index) {
    this.#rows[this.#active]?.removeAttribute("data-active");
    this.#active = index;
    this.#rows[index]?.setAttribute("data-active", "");
    this.#rows[index]?.scrollIntoView({ block: "nearest" });
    this.#announce();
  }

  #announce() {
    const row = this.takesInput ? this.#rows[this.#active] : undefined;
    if (row) this.#keys.setAttribute("aria-activedescendant", row.id);
    else this.#keys.removeAttribute("aria-activedescendant");
  }

  /** Hidden at once: the server says the same a moment later. @param {number | null} index */
  #answer(index) {
    if (!this.#open) return;
    const { id, options } = this.#open;
    const choice = index === null || !options[index] || options[index].disabled ? null : index;
    this.hide();
    this.#delegate.command(select(id, choice));
  }

  /** @param {Event} event */
  #pointed = ({ target }) => {
    const index = this.#rowUnder(target);
    if (index !== null && index !== this.#active) this.#highlight(index);
  };

  /** @param {Event} event */
  #clicked = ({ target }) => {
    const index = this.#rowUnder(target);
    if (index !== null) this.#answer(index);
  };

  /** The row that can be chosen there. @param {EventTarget | null} target */
  #rowUnder(target) {
    const row = /** @type {Element} */ (target).closest("[role=option]");
    const index = this.#rows.indexOf(/** @type {HTMLElement} */ (row));
    return this.takesInput && index >= 0 && !this.#open?.options[index].disabled ? index : null;
  }

  /** @param {PointerEvent} event */
  #pressed = ({ target }) => {
    if (this.takesInput && !this.#list.contains(/** @type {Node} */ (target))) this.#answer(null);
  };

  /** @param {KeyboardEvent} event */
  #keyed = (event) => {
    if (!this.takesInput || event.target !== this.#keys) return;
    const meaning = meaningOf(event);
    if (meaning === "local" || meaning === "compose") return;
    event.preventDefault();
    if (meaning === "key") this.#act(event);
    if (meaning !== "leave") return;
    this.#answer(null);
    this.#delegate.leaveStage();
  };

  /** @param {KeyboardEvent} event */
  #act(event) {
    const { key, timeStamp } = event;
    const types = key === " " && this.#typing.goesOn(timeStamp);
    if (key === "Escape") this.#answer(null);
    else if (!CHOOSING.has(key) || types) this.#highlight(this.#target(event));
    else if (!event.repeat) this.#answer(this.#active); // a held key may be the one that opened the list
  }

  /** @param {KeyboardEvent} event */
  #target(event) {
    const letter = textOf(event, false);
    const options = this.#open?.options ?? [];
    if (!letter) return moved(options, this.#active, event.key);
    return found(options, this.#active, this.#typing.add(letter, event.timeStamp));
  }
}

/** @param {DOMRect} rect @returns {Size} */
const sizeOf = ({ width, height }) => ({ width, height });

/** @param {Event} event */
const prevent = (event) => event.preventDefault();
