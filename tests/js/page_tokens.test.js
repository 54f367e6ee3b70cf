import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
const colours = Object.fromEntries(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name,
    [light, dark],
  ]),
);

/** @param {string} hex */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * @param {string} one
 * @param {string} other
 */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const [theme, name] of ["light", "dark"].entries()) {
  test(`text of every colour can be read on every ground (AA), ${name}`, () => {
    for (const text of ["fg", "fg-muted", "fg-faint", "accent", "ok", "warn", "danger"]) {
      for (const ground of ["bg", "bg-raised", "bg-sunken"]) {
        const found = contrast(colours[text][theme], colours[ground][theme]);
        assert.ok(found >= 4.5, `${text} on ${ground}: ${found.toFixed(2)}`);
      }
    }
    assert.ok(contrast(colours["accent-fg"][theme], colours.accent[theme]) >= 4.5);
  });

  test(`the edges of fields can be seen, ${name}`, () => {
    for (const ground of ["bg", "bg-raised"]) {
      const found = contrast(colours["line-strong"][theme], colours[ground][theme]);
      assert.ok(found >= 3, `line-strong on ${ground}: ${found.toFixed(2)}`);
    }
  });
}
