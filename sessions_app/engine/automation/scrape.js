/**
 * What the chosen elements say.
 *
 * @param {Element[]} elements
 * @param {number} max
 */
function scrape(elements, max) {
  const LONGEST = 100_000;
  return elements.slice(0, max).map((element) => ({
    text: (element.innerText ?? element.textContent ?? "").trim().slice(0, LONGEST),
    html: element.outerHTML.slice(0, LONGEST),
    attributes: Object.fromEntries(
      [...element.attributes].map(({ name, value }) => [name, value.slice(0, LONGEST)]),
    ),
  }));
}
