/** Menus close when attention goes elsewhere. */

export function startMenus() {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const menus = document.querySelectorAll("details[data-menu]");
  document.addEventListener("click", ({ target }) => {
    for (const menu of menus) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
  // Before anybody else: who closes a menu means nothing but that.
  document.addEventListener("keydown", closeByEscape, { capture: true });

  /** @param {KeyboardEvent} event */
  function closeByEscape(event) {
    for (const menu of menus) {
      if (event.key !== "Escape" || !menu.open) continue;
      menu.open = false;
      menu.querySelector("summary")?.focus();
      event.stopPropagation();
    }
  }
}
