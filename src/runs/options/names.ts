/** @file The names that options may have as values where no other room defines them. Browser-safe. */

export const SCHEDULE_NAMES = ["cosine", "one-cycle", "constant"] as const;
export const BALANCE_NAMES = ["none", "weights", "sampling"] as const;

export const COLOR_NAMES = ["grey", "color"] as const;
export const FLIP_NAMES = ["none", "horizontal", "vertical", "both"] as const;

/** The names of the recipes, the default first. */
export const RECIPE_NAMES = ["default", "assignment"] as const;
export type RecipeName = (typeof RECIPE_NAMES)[number];

/**
 * How a run uses the network that it begins with: only a new last layer is trained on what the rest makes of each example, once;
 * after that, all layers, gently; all layers from the first step; or not at all, but for the split.
 */
export const WAY_NAMES = ["frozen", "fine-tuned", "whole", "scratch"] as const;
export type WayName = (typeof WAY_NAMES)[number];

/** The ways, and "auto": several of them are compared on the validation part, and one is taken. */
export const TRANSFER_NAMES = [...WAY_NAMES, "auto"] as const;
/** The one where a network is named and nothing else is said. */
export const DEFAULT_TRANSFER = "frozen";
export type TransferName = (typeof TRANSFER_NAMES)[number];
