/** @file The design tokens that every page of the project shares: colours in light and dark, sizes of type, spaces. Browser-safe. */

/** The classes' colours, after Okabe and Ito (2008), in an order whose neighbours are far apart; a class needs a second cue beside it. */
export const CLASS_COLORS: readonly string[] = [
  "#e69f00",
  "#56b4e9",
  "#cc79a7",
  "#0072b2",
  "#d55e00",
  "#f0e442",
  "#8a7f72",
  "#7a4a9e",
  "#4c8c2b",
  "#1d1b18",
];

/** The shapes that stand for classes beside their colours, in the same order. */
export const CLASS_MARKS: readonly string[] = ["●", "■", "▲", "◆", "▼", "★", "✚", "⬟", "◗", "✖"];

const LIGHT = {
  paper: "#fbfaf8",
  raised: "#ffffff",
  ink: "#1d1b18",
  soft: "#66615a",
  line: "#dfdad1",
  accent: "#00745c",
  "accent-soft": "#dcefe8",
  negative: "#0b62a4",
  positive: "#c44a0a",
  validation: "#0b6b78",
  train: "#9a7b4f",
  third: "#7a4a9e",
  hit: "#0f7a6c",
  miss: "#c2452d",
  wrong: "#b03a22",
  right: "#0f6e62",
  danger: "#fbe4de",
  caution: "#f8edcf",
  edge: "#b8860b",
};

const DARK: Record<keyof typeof LIGHT, string> = {
  paper: "#15171b",
  raised: "#1d2026",
  ink: "#e9e7e2",
  soft: "#a19d96",
  line: "#353941",
  accent: "#4fd8b4",
  "accent-soft": "#17352e",
  negative: "#6db5f0",
  positive: "#ff9a66",
  validation: "#58c7d2",
  train: "#c9a876",
  third: "#c197e3",
  hit: "#1f8374",
  miss: "#c04a34",
  wrong: "#f08a72",
  right: "#5fd0bd",
  danger: "#47201a",
  caution: "#3d3315",
  edge: "#e0b64a",
};

/** A page's theme. */
export type Theme = "light" | "dark";

/** The colours of each theme by their names, as CSS has them after `--`. */
export const THEME_COLORS: Readonly<Record<Theme, Readonly<Record<keyof typeof LIGHT, string>>>> = {
  light: LIGHT,
  dark: DARK,
};

/**
 * Custom properties of CSS: the colours of `THEME_COLORS`. Dark where the system is, or where the page's root has `data-theme="dark"`;
 * paper is always light.
 */
export const COLOR_TOKENS = `
:root { color-scheme: light dark; ${declarations(LIGHT)} }
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${declarations(DARK)} } }
@media screen { :root[data-theme="dark"] { color-scheme: dark; ${declarations(DARK)} } }
:root[data-theme="light"] { color-scheme: light; }`;

function declarations(colors: Readonly<Record<string, string>>): string {
  return Object.entries(colors)
    .map(([name, color]) => `--${name}: ${color};`)
    .join(" ");
}
