/**
 * What the source gives, as JSON of at most `limit` characters; without a limit only whether it is true.
 *
 * The source is an expression (a function is called with the arguments), a program whose last value counts, or the
 * body of a function with `return` or `await`.
 */
async ({ source, args, limit }) => {
  // biome-ignore lint/security/noGlobalEval: the caller's own script, in the caller's own browser.
  const run = globalThis.eval;

  const compiled = () => {
    try {
      return run(`(async () => (\n${source}\n))`);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    return async () => asProgram();
  };

  const asProgram = () => {
    try {
      return run(source);
    } catch (error) {
      const isBody = error instanceof SyntaxError && /Illegal return|await is only valid/.test(error.message);
      if (!isBody) throw error;
    }
    return run(`(async (...args) => {\n${source}\n})`)(...args);
  };

  const given = await compiled()();
  const value = await (typeof given === "function" ? given(...args) : given);
  if (!limit) return Boolean(value);
  const text = JSON.stringify(value) ?? "null";
  if (text.length > limit) throw new Error(`the value is ${text.length} characters of JSON; ${limit} may be`);
  return text;
};
