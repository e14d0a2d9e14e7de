/** @file How classes look: each has its colour and, beside it, its shape, in all figures. */
import { CLASS_COLORS, CLASS_MARKS, THEME_COLORS, type Theme } from "auricle/design";

/** The colour of a class by its place; the last of the ten is ink, which the theme decides. */
export function classColor(place: number, theme: Theme): string {
  const color = CLASS_COLORS[place % CLASS_COLORS.length];
  return color === THEME_COLORS.light.ink ? THEME_COLORS[theme].ink : color;
}

/** The shape of a class by its place. */
export function classMark(place: number): string {
  return CLASS_MARKS[place % CLASS_MARKS.length];
}
