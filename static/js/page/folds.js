/** What a person folds away or switches, remembered on this device; preferences.js applies it before the first paint. */

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

export function startThemeSwitch() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
    const now = root.dataset.theme ?? (system.matches ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    // Who wants what the system wants follows it from then on.
    remember("theme", next === (system.matches ? "dark" : "light") ? "" : next);
  });
}

/**
 * @param {string} name
 * @param {string} value empty: as by default
 */
function remember(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  try {
    if (value) localStorage.setItem(`quarterdeck.${name}`, value);
    else localStorage.removeItem(`quarterdeck.${name}`);
  } catch {
    // Storage is switched off: it holds for this page.
  }
}
