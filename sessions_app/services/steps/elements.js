/**
 * What can be clicked or written into, open shadow roots included, each with a CSS selector that finds it again.
 *
 * @param {number} max
 */
(max) => {
  const WRITEABLE = [
    "input:not([type=button], [type=submit], [type=reset], [type=image], [type=checkbox], [type=radio], [type=file])",
    ...["textarea", "[contenteditable='']", "[contenteditable=true]", "[role=textbox]", "[role=searchbox]"],
  ].join();
  const CLICKABLE = [
    ...[
      "a[href]",
      "button",
      "input",
      "select",
      "summary",
      "label",
      "[onclick]",
      "[tabindex]:not([tabindex='-1'])",
    ],
    ...["button", "link", "checkbox", "radio", "tab", "menuitem", "option", "switch"].map(
      (role) => `[role=${role}]`,
    ),
  ].join();
  const LONGEST = 200;
  const ATTRIBUTES = ["id", "name", "type", "href", "placeholder", "role", "aria-label"];
  const found = [];

  const isVisible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };

  const step = (element) => {
    const kin = [...(element.parentNode?.children ?? [])].filter(
      ({ localName }) => localName === element.localName,
    );
    const tag = CSS.escape(element.localName);
    return kin.length > 1 ? `${tag}:nth-of-type(${kin.indexOf(element) + 1})` : tag;
  };

  // Playwright's descendants reach into open shadow roots; nothing else in CSS does.
  const selectorOf = (element) => {
    const root = element.getRootNode();
    const steps = [];
    for (let at = element; at; at = at.parentElement) {
      if (at.id && root.querySelectorAll(`#${CSS.escape(at.id)}`).length === 1) {
        steps.unshift(`#${CSS.escape(at.id)}`);
        break;
      }
      steps.unshift(step(at));
    }
    const path = steps.join(" > ");
    return root instanceof ShadowRoot ? `${selectorOf(root.host)} ${path}` : path;
  };

  const describe = (element, type) => {
    const facts = { selector: selectorOf(element), type, tag: element.localName };
    facts.text = (element.innerText ?? "").replace(/\s+/g, " ").trim().slice(0, LONGEST);
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      if (value) facts[name] = value.slice(0, LONGEST);
    }
    return facts;
  };

  const typeOf = (element) => {
    if (element.type === "hidden") return null;
    if (element.matches(WRITEABLE)) return "writeable";
    return element.matches(CLICKABLE) ? "clickable" : null;
  };

  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      const type = typeOf(element);
      if (type && found.length < max && isVisible(element)) found.push(describe(element, type));
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };

  look(document);
  return found;
};
