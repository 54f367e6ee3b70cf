/** Brings every live view of the page to life. */

import { Viewer } from "./viewer.js";

for (const section of document.querySelectorAll("[data-viewer]")) {
  new Viewer(/** @type {HTMLElement} */ (section)).start();
}
