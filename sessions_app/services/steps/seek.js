/** What the expression gives, as soon as it gives anything; that it fails until then is no mistake. */
(expression) => {
  try {
    // biome-ignore lint/security/noGlobalEval: the caller's own script, in the caller's own browser.
    return globalThis.eval(expression);
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    return null;
  }
};
