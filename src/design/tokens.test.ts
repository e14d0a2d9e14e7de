import { describe, expect, it } from "vitest";
import { DARK_DIVERGING_COLORS, DIVERGING_COLORS, type Rgb } from "./colors.ts";
import { CLASS_COLORS, CLASS_MARKS, COLOR_TOKENS, THEME_COLORS, type Theme } from "./tokens.ts";

/** WCAG's relative luminance. */
function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) =>
    value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(rgb(one)), luminance(rgb(other))].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(["light", "dark"] as const satisfies readonly Theme[])("the %s theme", (theme) => {
  const colors = THEME_COLORS[theme];

  it.each(["ink", "soft", "accent", "negative", "positive", "wrong", "right", "validation"] as const)(
    "has %s as a colour of text that can be read on paper and on raised ground",
    (name) => {
      expect(contrast(colors[name], colors.paper)).toBeGreaterThan(4.5);
      expect(contrast(colors[name], colors.raised)).toBeGreaterThan(4.5);
    },
  );

  it("has ink and accent that can be read on the accent's soft ground", () => {
    expect(contrast(colors.ink, colors["accent-soft"])).toBeGreaterThan(4.5);
    expect(contrast(colors.accent, colors["accent-soft"])).toBeGreaterThan(4.5);
    expect(contrast(colors.paper, colors.accent)).toBeGreaterThan(4.5);
  });
});

it("writes each colour into the style sheet, dark for the system's wish and for the reader's", () => {
  expect(COLOR_TOKENS.split("--accent:")).toHaveLength(4);
  expect(COLOR_TOKENS.split(THEME_COLORS.dark.paper)).toHaveLength(3);
});

it.each([
  ["light", DIVERGING_COLORS, "lightest"],
  ["dark", DARK_DIVERGING_COLORS, "darkest"],
] as const)("the diverging colours on %s paper have zero in their middle as the %3$s", (_, colors, end) => {
  expect(colors).toHaveLength(65);
  const lights = colors.map(luminance);
  const sign = end === "lightest" ? 1 : -1;
  for (let i = 1; i <= 32; i++) {
    expect(sign * (lights[33 - i] - lights[32 - i])).toBeGreaterThan(0);
    expect(sign * (lights[31 + i] - lights[32 + i])).toBeGreaterThan(0);
  }
});

it("has ten classes, each with a colour and a mark of its own", () => {
  expect(new Set(CLASS_COLORS).size).toBe(10);
  expect(new Set(CLASS_MARKS).size).toBe(10);
});
