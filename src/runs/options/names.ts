/** @file The names that options may have as values where no other room defines them. Browser-safe. */

export const SCHEDULE_NAMES = ["cosine", "one-cycle", "constant"] as const;
export const BALANCE_NAMES = ["none", "weights", "sampling"] as const;

export const COLOR_NAMES = ["grey", "color"] as const;
export const FLIP_NAMES = ["none", "horizontal", "vertical", "both"] as const;

/** The names of the recipes, the default first. */
export const RECIPE_NAMES = ["default", "assignment"] as const;
export type RecipeName = (typeof RECIPE_NAMES)[number];
