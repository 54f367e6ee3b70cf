/** Files that a person sends to a session: by a button, or dropped on the list; each says how far it has come. */

import { htmx } from "./htmx.js";

const OFFLINE = "No connection to the server.";
const TOO_LARGE = "Larger than 100 MiB, which is as large as a file may be.";
const MAX_BYTES = 100 * 1024 * 1024;
const DONE_MS = 1500;

export function startFiles() {
  const place = document.querySelector("[data-files]");
  if (!(place instanceof HTMLElement)) return;
  const input = /** @type {HTMLInputElement | null} */ (partOf(place, "input"));
  if (!input) return;
  const desk = new Desk(place);
  partOf(place, "pick")?.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    desk.take([...(input.files ?? [])]);
    input.value = "";
  });
  // Beside the list lies the rest of the panel's part, which is where somebody drops as well.
  const part = place.closest("[role=tabpanel]") ?? place;
  part.addEventListener("dragover", (event) => desk.over(/** @type {DragEvent} */ (event)));
  part.addEventListener("dragleave", () => place.removeAttribute("data-over"));
  part.addEventListener("drop", (event) => desk.dropped(/** @type {DragEvent} */ (event)));
}

/** One goes after the other, in the order in which they came. */
class Desk {
  #place;
  /** @type {Promise<void>} */
  #last = Promise.resolve();

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
  }

  /** @param {DragEvent} event */
  over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.#place.setAttribute("data-over", "");
  }

  /** @param {DragEvent} event */
  dropped(event) {
    this.#place.removeAttribute("data-over");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.take([...event.dataTransfer.files]);
  }

  /** @param {File[]} files */
  take(files) {
    for (const file of files) {
      const row = this.#row(file.name);
      if (file.size > MAX_BYTES) fail(row, TOO_LARGE);
      else this.#last = this.#last.then(() => this.#send(file, row));
    }
  }

  /** @param {string} name */
  #row(name) {
    const template = /** @type {HTMLTemplateElement} */ (partOf(this.#place, "upload"));
    const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    write(row, "name", name);
    write(row, "note", "Waiting");
    partOf(row, "stop")?.addEventListener("click", () => row.remove());
    partOf(this.#place, "sending")?.append(row);
    return row;
  }

  /**
   * @param {File} file
   * @param {HTMLElement} row
   * @returns {Promise<void>}
   */
  #send(file, row) {
    if (!row.isConnected) return Promise.resolve();
    const name = freeName(file.name, this.#names());
    const request = new XMLHttpRequest();
    request.open("PUT", `${this.#place.dataset.files}/${encodeURIComponent(name)}`);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      write(row, "note", `${Math.floor((100 * loaded) / (total || 1))} %`),
    );
    partOf(row, "stop")?.addEventListener("click", () => request.abort());
    return new Promise((resolve) => {
      request.addEventListener("loadend", () => {
        this.#ended(request, row);
        resolve();
      });
      request.send(file);
    });
  }

  /**
   * @param {XMLHttpRequest} request
   * @param {HTMLElement} row
   */
  #ended(request, row) {
    if (request.status === 200) {
      write(row, "note", "Sent");
      setTimeout(() => row.remove(), DONE_MS);
    } else {
      fail(row, wordsOf(request));
    }
    const list = document.getElementById("files");
    if (list) htmx.trigger(list, "refresh");
  }

  #names() {
    const links = this.#place.querySelectorAll("#files .file-name");
    return new Set([...links].map((link) => link.getAttribute("title")?.replace(/^Download /, "")));
  }
}

/**
 * Nothing that is there is written over: "a.txt" becomes "a (1).txt".
 * @param {string} name
 * @param {Set<string | undefined>} taken
 */
export function freeName(name, taken) {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  let free = name;
  for (let count = 1; taken.has(free); count += 1) free = `${stem} (${count})${ending}`;
  return free;
}

/**
 * @param {HTMLElement} row
 * @param {string} words
 */
function fail(row, words) {
  write(row, "note", words);
  row.setAttribute("data-failed", "");
}

/** @param {XMLHttpRequest} request */
function wordsOf(request) {
  if (!request.status) return OFFLINE;
  try {
    return JSON.parse(request.responseText).detail;
  } catch {
    return `The server could not take it (${request.status}).`;
  }
}

function csrfToken() {
  const headers = document.querySelector("[hx-headers]")?.getAttribute("hx-headers") ?? "{}";
  return JSON.parse(headers)["X-CSRFToken"] ?? "";
}

/**
 * @param {ParentNode} root
 * @param {string} name
 */
function partOf(root, name) {
  return /** @type {HTMLElement | null} */ (root.querySelector(`[data-part="${name}"]`));
}

/**
 * @param {HTMLElement} row
 * @param {string} name
 * @param {string} words
 */
function write(row, name, words) {
  const element = partOf(row, name);
  if (element) element.textContent = words;
}
