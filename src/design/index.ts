/** @file `auricle/design`: what pages of the project look like, for pages that stand beside them. Browser-safe. */
export { DARK_DIVERGING_COLORS, DIVERGING_COLORS, MAGMA_COLORS, type Rgb } from "./colors.ts";
export { CLASS_COLORS, CLASS_MARKS, COLOR_TOKENS, THEME_COLORS, type Theme } from "./tokens.ts";
