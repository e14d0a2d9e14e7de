/** @file How much a description of a network may hold. Browser-safe. */

export const LIMITS = {
  /** Uses of layers in all, those of models that are layers counted at each use. */
  nodes: 20_000,
  /** Models within models. */
  depth: 16,
  /** Values that one layer takes. */
  inputs: 1_000,
} as const;
