/** What a person folds away, remembered on this device. */

import { remember } from "./preferences.js";

const root = document.documentElement;

export function startFolding() {
  for (const button of document.querySelectorAll("[data-fold]")) {
    if (button instanceof HTMLButtonElement) startFold(button, button.dataset.fold ?? "");
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} name
 */
function startFold(button, name) {
  const isOpen = () => getComputedStyle(root).getPropertyValue(`--${name}-open`).trim() === "1";
  const say = () => button.setAttribute("aria-expanded", String(isOpen()));
  button.addEventListener("click", () => {
    remember(name, isOpen() ? "closed" : "open");
    say();
  });
  addEventListener("resize", say);
  say();
}
