/** Who steers, and the one button that changes it. */

import { listen, part, write } from "./dom.js";
import { control } from "./wire.js";

/** @typedef {import("./wire.js").Holder} Holder */

/**
 * @typedef {object} Standing
 * @property {boolean} attached
 * @property {"view"|"control"} role
 * @property {boolean} operator
 * @property {Holder | null} holder
 * @property {{viewer: string, name: string}[]} requests
 * @property {boolean} asked this viewer has asked the holder
 */

/**
 * @typedef {object} Offer what the control area says and its buttons do
 * @property {"away"|"view"|"you"|"other"|"none"|"request"} kind
 * @property {string} words
 * @property {string} label of the main button, "" for none
 * @property {import("./wire.js").Message | null} message that the main button sends
 * @property {import("./wire.js").Message | null} deny that the second button sends
 */

/** @returns {Standing} */
export const nobody = () => ({
  attached: false,
  role: "view",
  operator: false,
  holder: null,
  requests: [],
  asked: false,
});

/**
 * Whether what this viewer does would be obeyed: it has control, or its first input takes it.
 * @param {Standing} standing
 */
export const canSteer = ({ attached, role, holder }) =>
  attached && role === "control" && (holder?.you ?? true);

/**
 * @param {Standing} standing
 * @returns {Offer}
 */
export function offerFor({ attached, role, operator, holder, requests, asked }) {
  if (!attached) return offer("away", "Not connected");
  if (role === "view")
    return offer("view", holder ? `View only · controlled by ${nameOf(holder)}` : "View only");
  if (!holder) return offer("none", "Nobody has control", "Take control", control({ action: "take" }));
  if (holder.you) return yours(requests);
  const words = `Controlled by ${nameOf(holder)}`;
  if (holder.kind === "program") return offer("other", words, "Take control", control({ action: "take" }));
  if (operator) return offer("other", words, "Take over", control({ action: "take", force: true }));
  return offer("other", words, asked ? "Asked" : "Ask", control({ action: "request" }));
}

/**
 * @param {{viewer: string, name: string}[]} requests
 * @returns {Offer}
 */
function yours([request]) {
  if (!request) return offer("you", "You have control", "Give back", control({ action: "release" }));
  const { viewer } = request;
  return {
    ...offer("request", `Asks: ${request.name || "a viewer"}`, "Give", control({ action: "grant", viewer })),
    deny: control({ action: "deny", viewer }),
  };
}

/** @param {Holder} holder */
export const nameOf = (holder) => holder.name || (holder.kind === "program" ? "a program" : "somebody");

/**
 * @param {Offer["kind"]} kind
 * @param {string} words
 * @param {string} [label]
 * @param {import("./wire.js").Message | null} [message]
 * @returns {Offer}
 */
const offer = (kind, words, label = "", message = null) => ({ kind, words, label, message, deny: null });

export class ControlArea {
  #send;
  /** @type {HTMLElement} */
  #area;
  /** @type {HTMLElement} */
  #words;
  /** @type {HTMLButtonElement} */
  #main;
  /** @type {HTMLButtonElement} */
  #deny;
  /** @type {Offer} */
  #offer = offer("away", "");
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {HTMLElement} section
   * @param {(message: import("./wire.js").Message) => void} send
   */
  constructor(section, send) {
    this.#send = send;
    this.#area = part(section, "control");
    this.#words = part(section, "holder");
    this.#main = part(section, "control-main");
    this.#deny = part(section, "control-deny");
  }

  start() {
    if (this.#undo.length) return;
    this.#undo = [
      listen(this.#main, { click: () => this.#offer.message && this.#send(this.#offer.message) }),
      listen(this.#deny, { click: () => this.#offer.deny && this.#send(this.#offer.deny) }),
    ];
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** @param {Standing} standing */
  show(standing) {
    this.#offer = offerFor(standing);
    const { kind, words, label, deny } = this.#offer;
    this.#area.dataset.kind = kind;
    write(this.#words, words);
    this.#words.title = words;
    this.#main.disabled = !label;
    this.#main.hidden = kind === "view";
    write(this.#main, label || "Take control");
    this.#deny.hidden = !deny;
  }
}
