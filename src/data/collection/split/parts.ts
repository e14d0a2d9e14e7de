/** @file The three parts of a data set. Browser-safe. */

import type { AudioClip } from "../../audio/collection.ts";
import type { SplitRole } from "../collection.ts";

export const SPLIT_ROLES: readonly SplitRole[] = ["train", "validation", "test"];

export type SplitParts = Readonly<Record<SplitRole, readonly AudioClip[]>>;

/** The shares of training, validation and test. */
export type SplitFractions = readonly [train: number, validation: number, test: number];

export const DEFAULT_FRACTIONS: SplitFractions = [0.85, 0.1, 0.05];
