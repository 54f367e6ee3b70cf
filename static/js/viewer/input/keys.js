/** What a key event means; pure. */

import { modifiersOf } from "../wire.js";

/** @typedef {"compose"|"leave"|"local"|"paste"|"back"|"forward"|"reload"|"key"} Meaning */

/** The part of a KeyboardEvent that counts. */
/**
 * @typedef {import("../wire.js").ModifierKeys & {
 *   key: string, code: string, keyCode?: number, isComposing?: boolean, repeat?: boolean,
 *   getModifierState: (name: string) => boolean,
 * }} KeyFacts
 */

/** Keys that an input method is still working on; their text comes by composition or input events. */
const UNFINISHED = new Set(["Dead", "Process", "Unidentified", "Compose"]);
const UNFINISHED_CODE = 229;
/** Full screen and developer tools stay with the person's own browser. */
const LOCAL = new Set(["F11", "F12"]);
const MODIFIERS = new Set(["Control", "Alt", "Shift", "Meta", "AltGraph"]);

/**
 * @param {KeyFacts} event
 * @returns {Meaning}
 */
export function meaningOf(event) {
  if (isUnfinished(event)) return "compose";
  if (isLeaveChord(event)) return "leave";
  if (LOCAL.has(event.key)) return "local";
  return shortcutOf(event) ?? "key";
}

/** Control, Alt and Shift together, in any order; AltGr counts as Control and Alt on Windows and is not meant. */
/** @param {KeyFacts} event */
export function isLeaveChord(event) {
  return (
    MODIFIERS.has(event.key) &&
    event.ctrlKey &&
    event.altKey &&
    event.shiftKey &&
    !event.getModifierState("AltGraph")
  );
}

/** @param {KeyFacts} event */
function isUnfinished(event) {
  return Boolean(event.isComposing) || event.keyCode === UNFINISHED_CODE || UNFINISHED.has(event.key);
}

/**
 * The shortcuts of a browser's own frame, which a remote page without a frame would not answer.
 * @type {Readonly<Record<string, Meaning>>}
 */
const SHORTCUTS = {
  "Control+v": "paste",
  "Meta+v": "paste",
  "Shift+Insert": "paste",
  "Control+r": "reload",
  "Meta+r": "reload",
  F5: "reload",
  "Alt+ArrowLeft": "back",
  "Alt+ArrowRight": "forward",
};

/**
 * @param {KeyFacts} event
 * @returns {Meaning | undefined}
 */
function shortcutOf(event) {
  const held = [
    event.ctrlKey && "Control",
    event.altKey && "Alt",
    event.metaKey && "Meta",
    event.shiftKey && "Shift",
  ].filter(Boolean);
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return SHORTCUTS[[...held, name].join("+")];
}

/**
 * What the key types into a page, "" if nothing.
 * @param {KeyFacts} event
 * @param {boolean} mac
 */
export function textOf(event, mac) {
  if (keyModifiers(event, mac) & ~8) return "";
  if (event.key === "Enter") return "\r";
  return [...event.key].length === 1 ? event.key : "";
}

/**
 * The modifiers without those that were used up in choosing the character: AltGr, and Option on a Mac.
 * @param {KeyFacts} event
 * @param {boolean} mac
 */
export function keyModifiers(event, mac) {
  const modifiers = modifiersOf(event);
  if ([...event.key].length !== 1) return modifiers;
  if (event.getModifierState("AltGraph")) return modifiers & ~3;
  return mac && event.altKey && !event.ctrlKey && !event.metaKey ? modifiers & ~1 : modifiers;
}

/** @param {{platform?: string}} navigator */
export const isMac = ({ platform = "" }) => /^(Mac|iP)/.test(platform);
