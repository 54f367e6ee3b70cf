/** Brings the list of sessions to life. */

import { startPicking } from "./picking.js";
import { startWall } from "./wall.js";

const list = document.querySelector("[data-wall]");

if (list instanceof HTMLElement) {
  startWall(list);
  startPicking();
}
