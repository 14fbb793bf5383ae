/** Words are readable in both themes: WCAG 2.2 AA, 4.5 to 1 for text and 3 to 1 for the edges of what is operated. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SOURCE = readFileSync(new URL("../../web/styles/tokens.css", import.meta.url), "utf-8");
const LIGHT = colours(":root");
const DARK = colours(':root[data-theme="dark"]');
const TEXT = [
  ...["ink", "ink-2", "ink-3", "green", "amber", "gold"].flatMap((word) =>
    ["paper", "card", "fill"].map((ground) => [word, ground]),
  ),
  ["ink", "amber-fill"],
  ["amber", "amber-fill"],
  ["on-red", "red"],
  ["on-red", "red-press"],
  ["paper", "ink"],
  ["brand", "paper"],
];
const EDGES = [
  ["edge", "card"],
  ["edge", "paper"],
  ["hatch", "card"],
  ["hatch", "paper"],
  ["ink", "hatch"],
];

for (const [name, theme] of Object.entries({ light: LIGHT, dark: { ...LIGHT, ...DARK } })) {
  for (const [over, under, least] of [
    ...TEXT.map((pair) => [...pair, 4.5]),
    ...EDGES.map((pair) => [...pair, 3]),
  ]) {
    test(`${name}: ${over} on ${under}`, () => {
      const ratio = contrast(theme[over], theme[under]);
      assert.ok(ratio >= least, `${ratio.toFixed(2)} is less than ${least}`);
    });
  }
}

test("those whose phone is dark see the colours of those who chose dark", () => {
  assert.deepEqual(colours(':root[data-theme="auto"]'), DARK);
});

/** @param {string} selector */
function colours(selector) {
  const start = SOURCE.indexOf(`${selector} {`);
  const block = SOURCE.slice(start, SOURCE.indexOf("}", start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]+);/g)].map(([, name, value]) => [name, value]));
}

/** Source: WCAG 2.2, "contrast ratio". @param {string} one @param {string} other */
function contrast(one, other) {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

/** Source: WCAG 2.2, "relative luminance". @param {string} hex such as `#ae141c` or `#fff` */
function luminance(hex) {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join("") : hex.slice(1);
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
