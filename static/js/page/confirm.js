/** Asks before something is lost: `hx-confirm` in a dialog of our own. */

import { on } from "./htmx.js";

export function startConfirming() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("[data-confirm-dialog]"));
  if (!dialog) return;
  on("confirm", (event) => {
    const { question, elt, issueRequest } = event.detail;
    if (!question) return;
    event.preventDefault();
    ask(dialog, { title: elt.dataset.confirmTitle, text: question, verb: elt.dataset.confirmVerb }, () =>
      issueRequest(true),
    );
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close("cancel");
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Record<string, string>} words
 * @param {() => void} agree
 */
function ask(dialog, words, agree) {
  for (const [part, text] of Object.entries(words)) {
    const place = dialog.querySelector(`[data-part=${part}]`);
    if (place) place.textContent = text;
  }
  dialog.returnValue = "cancel";
  dialog.addEventListener("close", () => dialog.returnValue === "ok" && agree(), { once: true });
  dialog.showModal();
}
