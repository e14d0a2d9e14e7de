/** @file The three parts of a data set. Browser-safe. */

import type { Example, SplitRole } from "../collection.ts";

export const SPLIT_ROLES: readonly SplitRole[] = ["train", "validation", "test"];

export type SplitParts<E extends Example = Example> = Readonly<Record<SplitRole, readonly E[]>>;

/** The shares of training, validation and test. */
export type SplitFractions = readonly [train: number, validation: number, test: number];

export const DEFAULT_FRACTIONS: SplitFractions = [0.85, 0.1, 0.05];
