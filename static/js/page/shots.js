/** Screenshots that a person takes of a session: kept as a strip in the page for as long as it is open. */

const REFUSED = "No picture was taken.";

export function startShots() {
  const shots = document.getElementById("shots");
  if (!shots) return;
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const button = target.closest("[data-shoot]");
    if (button instanceof HTMLButtonElement) shoot(shots, button);
    if (target.closest("[data-shot-remove]")) remove(target.closest(".shot"));
  });
}

/**
 * @param {HTMLElement} shots
 * @param {HTMLButtonElement} button
 */
async function shoot(shots, button) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  const trouble = shots.querySelector("[data-part=trouble]");
  const say = (/** @type {string} */ words) => {
    if (trouble) trouble.textContent = words;
  };
  try {
    const response = await fetch(button.dataset.shoot ?? "", { headers: { "HX-Request": "true" } });
    const isPicture = holds(response, "image/");
    say(isPicture ? "" : await wordsOf(response));
    if (isPicture) keep(shots, await response.blob(), button.dataset.shootName ?? "session");
  } catch {
    say("No connection to the server: no picture was taken.");
  } finally {
    button.ariaBusy = null;
  }
}

/**
 * Whoever is no longer logged in gets an answer without a picture, and it is no error.
 * @param {Response} response
 * @param {string} type
 */
function holds(response, type) {
  return response.headers.get("Content-Type")?.startsWith(type) ?? false;
}

/** @param {Response} response */
async function wordsOf(response) {
  return (holds(response, "text/plain") && (await response.text())) || REFUSED;
}

/**
 * @param {HTMLElement} shots
 * @param {Blob} picture
 * @param {string} name
 */
function keep(shots, picture, name) {
  const template = shots.querySelector("template");
  const shot = template?.content.firstElementChild?.cloneNode(true);
  if (!(shot instanceof HTMLElement)) return;
  const [link, image, button] = [
    shot.querySelector("a"),
    shot.querySelector("img"),
    shot.querySelector("button"),
  ];
  if (!link || !image || !button) return;
  const at = new Date();
  link.href = image.src = URL.createObjectURL(picture);
  link.download = fileName(name, at);
  link.title = `Save ${link.download}`;
  image.alt = `Save the screenshot of ${at.toLocaleTimeString()}`;
  button.ariaLabel = button.title = `Remove the screenshot of ${at.toLocaleTimeString()}`;
  shots.querySelector("[data-part=strip]")?.prepend(shot);
}

/**
 * @param {string} name
 * @param {Date} at
 */
export function fileName(name, at) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(two).join("-");
  return `${name}-${day}-${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join("")}.png`;
}

/** @param {Element | null} shot */
function remove(shot) {
  const picture = shot?.querySelector("img");
  if (picture) URL.revokeObjectURL(picture.src);
  const neighbour = shot?.nextElementSibling ?? shot?.previousElementSibling;
  shot?.remove();
  neighbour?.querySelector("a")?.focus();
}
