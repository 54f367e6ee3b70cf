/** Forms: words while one is on its way, rows that come and go, fields that empty or revert. */

import { on } from "./htmx.js";

export function startForms() {
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement) busy(event.target);
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element) changeRows(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target instanceof HTMLInputElement) revert(event.target);
  });
  on("configRequest", ({ detail }) => tidy(detail));
  on("afterRequest", ({ detail }) => {
    const isDone = detail.successful && detail.xhr.status < 400;
    if (isDone && detail.elt instanceof HTMLFormElement) clear(detail.elt);
  });
}

/** @param {HTMLFormElement} form */
function busy(form) {
  const button = form.querySelector("button[type=submit]");
  if (!form.dataset.busy || !(button instanceof HTMLButtonElement)) return;
  const words = button.textContent;
  button.disabled = true;
  button.textContent = form.dataset.busy;
  // Who comes back by the back button finds the form as it was.
  addEventListener(
    "pageshow",
    () => {
      button.disabled = false;
      button.textContent = words;
    },
    { once: true },
  );
}

/** @param {Element} target */
function changeRows(target) {
  const rows = target.closest("[data-rows]");
  const add = target.closest("[data-row-add]");
  if (rows && add) {
    const template = rows.querySelector("template");
    const row = template?.content.firstElementChild?.cloneNode(true);
    if (!(row instanceof Element)) return;
    add.before(row);
    row.querySelector("input")?.focus();
  } else if (rows && target.closest("[data-row-remove]")) {
    target.closest("[data-row]")?.remove();
    rows.querySelector("button")?.focus();
  }
}

/** @param {HTMLInputElement} input */
function revert(input) {
  if ("reverts" in input.dataset) input.value = input.defaultValue;
}

/** @param {HTMLFormElement} form */
function clear(form) {
  for (const input of form.querySelectorAll("input")) {
    if ("clears" in input.dataset) input.value = "";
  }
  const first = form.querySelector("input[data-clears]");
  if (form.contains(document.activeElement) && first instanceof HTMLInputElement) first.focus();
}

/**
 * A list's request says how many rows are shown; a search leaves empty fields out of the address.
 * @param {{elt: Element, formData: FormData}} request
 */
function tidy({ elt, formData }) {
  if (elt.hasAttribute("data-count-rows")) {
    formData.set("shown", String(document.querySelectorAll("#rows > [data-session]").length));
  }
  if (!elt.hasAttribute("data-tidy")) return;
  const given = [...formData].filter(([, value]) => value);
  for (const name of [...formData.keys()]) formData.delete(name);
  for (const [name, value] of given) formData.append(name, value);
}
