/** Whether the element of a JavaScript expression is attached, visible or hidden. */
({ path, state }) => {
  const find = () => {
    try {
      // biome-ignore lint/security/noGlobalEval: the caller's own script, in the caller's own browser.
      return globalThis.eval(path);
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      return null;
    }
  };
  const element = find();
  if (state === "attached") return element instanceof Element;
  const box = element instanceof Element ? element.getBoundingClientRect() : null;
  const isVisible = Boolean(
    box?.width && box.height && element.checkVisibility({ visibilityProperty: true }),
  );
  return isVisible === (state === "visible");
};
