/**
 * What a person could act on in this document, in its order, open shadow roots included.
 *
 * The registry is kept between calls, so that an element has the same number each time it is seen.
 *
 * @param {{numbers: WeakMap<Element, number>, elements: WeakRef<Element>[]}} registry
 * @param {number} max how many are described; all are counted
 */
function collect(registry, max) {
  const ROLES = [
    ...[
      "button",
      "link",
      "checkbox",
      "radio",
      "tab",
      "menuitem",
      "menuitemcheckbox",
      "menuitemradio",
      "option",
    ],
    ...["switch", "combobox", "textbox", "searchbox", "slider", "spinbutton", "treeitem"],
  ];
  const INTERACTIVE = [
    ...["a[href]", "button", "input:not([type=hidden])", "textarea", "select", "summary", "[onclick]"],
    ...["[contenteditable='']", "[contenteditable=true]", "[tabindex]:not([tabindex='-1'])"],
    ...ROLES.map((role) => `[role=${role}]`),
  ].join();
  const LONGEST_TEXT = 80;
  const LONGEST_NAME = 200;
  const LONGEST_ADDRESS = 500;
  const links = new Set();
  const facts = [];
  let total = 0;

  const isVisible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };

  // The same link twice leads to the same place; the same button twice may well not.
  const isRepeated = (element) => {
    if (element.localName !== "a") return false;
    const mark = `${element.href} ${element.outerHTML.slice(0, 200)}`;
    return links.size === links.add(mark).size;
  };

  const short = (text, longest) => String(text).replace(/\s+/g, " ").trim().slice(0, longest);

  const labelOf = (element) => {
    const ids = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const named = ids.map((id) => element.getRootNode().getElementById?.(id)?.innerText ?? "").join(" ");
    // A label around a list holds its options too.
    const label = element.labels?.[0]?.innerText.replace(element.innerText || "\0", "") ?? "";
    return named.trim() || element.getAttribute("aria-label") || label.trim();
  };

  const textOfField = (element) => {
    const isButton = ["button", "submit", "reset"].includes(element.type);
    const shown = isButton ? element.value || element.type : element.getAttribute("placeholder");
    return labelOf(element) || shown || element.title || element.getAttribute("name") || "";
  };

  const textOf = (element) => {
    if (["input", "textarea", "select"].includes(element.localName)) return textOfField(element);
    const image = element.querySelector("img[alt], svg title");
    const drawn = image?.getAttribute("alt") ?? image?.textContent ?? "";
    return (element.innerText ?? "").trim() || labelOf(element) || element.title || drawn;
  };

  const numberOf = (element) => {
    let number = registry.numbers.get(element);
    if (number === undefined) {
      number = registry.elements.push(new WeakRef(element)) - 1;
      registry.numbers.set(element, number);
    }
    return number;
  };

  const describe = (element) => ({
    number: numberOf(element),
    tag: element.localName,
    text: short(textOf(element), LONGEST_TEXT),
    role: element.getAttribute("role")?.slice(0, LONGEST_NAME) ?? null,
    name: element.getAttribute("name")?.slice(0, LONGEST_NAME) ?? null,
    href: element.localName === "a" ? element.href.slice(0, LONGEST_ADDRESS) : null,
    input_type: element.localName === "input" ? element.type : null,
  });

  const note = (element) => {
    if (!element.matches(INTERACTIVE) || !isVisible(element) || isRepeated(element)) return;
    total += 1;
    if (facts.length < max) facts.push(describe(element));
  };

  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      note(element);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };

  // A frame that nobody sees has no size.
  if (innerWidth > 1 && innerHeight > 1) look(document);
  return { total, facts };
}
