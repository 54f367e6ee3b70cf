/** Alerts that a person has dismissed stay away until the window is closed; preferences.js hides them before the first paint. */

const root = document.documentElement;

export function startAlerts() {
  document.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest("[data-dismiss]");
    if (!(button instanceof HTMLElement)) return;
    const dismissed = `${root.dataset.dismissed ?? ""} ${button.dataset.dismiss}`.trim();
    root.dataset.dismissed = dismissed;
    // What had the focus is gone.
    document.getElementById("main")?.focus({ preventScroll: true });
    try {
      sessionStorage.setItem("quarterdeck.dismissed", dismissed);
    } catch {
      // Storage is switched off: it holds for this page.
    }
  });
}
