/** The strip of the session's tabs. */

import { listen, part, write } from "./dom.js";
import { tab } from "./wire.js";

/** @typedef {import("./wire.js").Tab} Tab */

const BLANK = "about:blank";

export class Tabs {
  #delegate;
  /** @type {HTMLElement} */
  #list;
  /** @type {HTMLTemplateElement} */
  #template;
  /** @type {HTMLButtonElement} */
  #fresh;
  /** @type {Map<number, HTMLElement>} */
  #items = new Map();
  #active = 0;
  #steering = false;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLElement} section
   * @param {import("./toolbar.js").ToolbarDelegate} delegate
   */
  constructor(section, delegate) {
    this.#delegate = delegate;
    this.#list = part(section, "tabs");
    this.#template = part(section, "tab-template");
    this.#fresh = part(section, "tab-new");
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [
      listen(this.#list, { click: this.#pressed, auxclick: this.#auxPressed }),
      listen(this.#fresh, { click: this.#opened }),
    ];
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /**
   * @param {Tab[]} tabs
   * @param {number} active
   */
  show(tabs, active) {
    for (const [id, item] of this.#items) {
      if (!tabs.some((each) => each.id === id)) this.#remove(id, item);
    }
    for (const [place, each] of tabs.entries()) this.#place(each, place, each.id === active);
    if (active !== this.#active)
      this.#items.get(active)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#active = active;
    this.#enable();
  }

  /** @param {boolean} steering */
  showSteering(steering) {
    this.#steering = steering;
    this.#enable();
  }

  #enable() {
    this.#fresh.disabled = !this.#steering;
    for (const item of this.#items.values()) {
      part(item, "tab-close").disabled = !this.#steering;
      part(item, "tab-activate").disabled = !this.#steering;
    }
  }

  /**
   * @param {Tab} each
   * @param {number} place
   * @param {boolean} active
   */
  #place(each, place, active) {
    const item = this.#items.get(each.id) ?? this.#add(each.id);
    const name = nameOf(each);
    const activate = part(item, "tab-activate");
    write(activate, name);
    activate.title = name;
    activate.setAttribute("aria-current", String(active));
    part(item, "tab-close").setAttribute("aria-label", `Close ${name}`);
    item.dataset.status = each.crashed ? "crashed" : each.loading ? "loading" : "ready";
    if (this.#list.children[place] !== item)
      this.#list.insertBefore(item, this.#list.children[place] ?? null);
  }

  /** @param {number} id */
  #add(id) {
    const item = /** @type {HTMLElement} */ (this.#template.content.firstElementChild?.cloneNode(true));
    item.dataset.tab = String(id);
    this.#items.set(id, item);
    return item;
  }

  /**
   * @param {number} id
   * @param {HTMLElement} item
   */
  #remove(id, item) {
    item.remove();
    this.#items.delete(id);
  }

  /** @param {MouseEvent} event */
  #pressed = ({ target }) => {
    const button = /** @type {Element} */ (target).closest("button");
    const id = tabUnder(target);
    if (!button || id === null) return;
    const action = button.dataset.part === "tab-close" ? "close" : "activate";
    this.#delegate.command(tab({ action, tab: id }));
    if (action === "activate") this.#delegate.focusStage();
  };

  /** A middle click closes, as in every browser. @param {MouseEvent} event */
  #auxPressed = (event) => {
    const id = tabUnder(event.target);
    if (event.button !== 1 || id === null || !this.#steering) return;
    event.preventDefault();
    this.#delegate.command(tab({ action: "close", tab: id }));
  };

  #opened = () => {
    this.#delegate.command(tab({ action: "new" }));
    this.#delegate.focusAddress();
  };
}

/** @param {Tab} each */
function nameOf({ title, url }) {
  return [title, url].find((name) => name && name !== BLANK) ?? "New tab";
}

/** @param {EventTarget | null} target */
function tabUnder(target) {
  const item = /** @type {Element} */ (target).closest("[data-tab]");
  return item ? Number(/** @type {HTMLElement} */ (item).dataset.tab) : null;
}
