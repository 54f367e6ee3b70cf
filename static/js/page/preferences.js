/**
 * What a person prefers on this device: an attribute of the page, kept in the browser; preferences.js at the top of each
 * page applies it before the first paint. A `[data-preference]` holds the fields that choose one.
 */

const root = document.documentElement;

export function startPreferences() {
  show();
  document.addEventListener("change", ({ target }) => {
    const field = target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target : null;
    const name = field?.closest("[data-preference]")?.getAttribute("data-preference");
    if (!field || !name) return;
    remember(name, choiceOf(field));
    show();
    document.dispatchEvent(new Event("preference"));
  });
}

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/**
 * A checkbox stands for its value while it is not ticked: what is on by default is switched off by name.
 * @param {Field} field
 */
function choiceOf(field) {
  return field.type === "checkbox" && field instanceof HTMLInputElement && field.checked ? "" : field.value;
}

/** The same preference may stand in two places on a page. */
function show() {
  /** @type {NodeListOf<Field>} */
  const fields = document.querySelectorAll("[data-preference] :is(input, select)");
  for (const field of fields) {
    const name = field.closest("[data-preference]")?.getAttribute("data-preference") ?? "";
    const chosen = root.dataset[name] ?? "";
    if (field instanceof HTMLSelectElement) choose(field, chosen);
    else field.checked = (field.value === chosen) === (field.type === "radio");
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} chosen
 */
function choose(select, chosen) {
  if (select.dataset.options === "zones" && select.length === 1) {
    for (const zone of Intl.supportedValuesOf("timeZone")) select.add(new Option(zone, zone));
  }
  select.value = chosen;
}

/**
 * @param {string} name
 * @param {string} value empty: as by default
 */
export function remember(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  try {
    if (value) localStorage.setItem(`quarterdeck.${name}`, value);
    else localStorage.removeItem(`quarterdeck.${name}`);
  } catch {
    // Storage is switched off: it holds for this page.
  }
}
