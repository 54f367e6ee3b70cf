/** Buttons that copy what stands beside them. */

const SAID_MS = 1500;

export function startCopying() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-copy]");
    if (button instanceof HTMLButtonElement) copy(button);
  });
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLInputElement && target.closest(".copyable")) target.select();
  });
}

/** @param {HTMLButtonElement} button */
async function copy(button) {
  const done = await write(button);
  const word = button.querySelector("[data-part=word]");
  if (!word) return;
  word.textContent = done ? "Copied" : "Ctrl+C";
  setTimeout(() => {
    word.textContent = "Copy";
  }, SAID_MS);
}

/**
 * Without https a page has no clipboard; then the text is selected for the person's own Ctrl+C.
 * @param {HTMLButtonElement} button
 */
async function write(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    return true;
  } catch {
    button.closest(".copyable")?.querySelector("input")?.select();
    return false;
  }
}
