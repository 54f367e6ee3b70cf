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
  // What is chosen by its key wants to be seen.
  document.addEventListener("tabchosen", ({ target }) => {
    const folded = document.getElementById(button.getAttribute("aria-controls") ?? "");
    if ("foldHides" in button.dataset && !isOpen() && target instanceof Node && folded?.contains(target))
      button.click();
  });
  addEventListener("resize", say);
  say();
}
