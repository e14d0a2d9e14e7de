/**
 * @file The table of training options: each is named in one of the files that this one joins, and nowhere else. The command's
 * flags, the configuration of a run, the defaults, the check of a resumed run, the command that repeats a run, and recipe files
 * with their schema come from it. Browser-safe.
 */

import { DATA_OPTIONS } from "./data-options.ts";
import type { OptionRow } from "./option.ts";
import { PICTURE_OPTIONS } from "./picture-options.ts";
import { PROCESS_OPTIONS } from "./process-options.ts";
import { STORED_OPTIONS } from "./stored-options.ts";

/** The table. The order within a group is that of the command's help. */
export const TRAINING_OPTIONS = {
  ...STORED_OPTIONS,
  ...DATA_OPTIONS,
  ...PICTURE_OPTIONS,
  ...PROCESS_OPTIONS,
} as const;

export type OptionName = keyof typeof TRAINING_OPTIONS;

/** The names of the options that config.json stores under their own names. */
export const STORED_NAMES = Object.keys(STORED_OPTIONS) as readonly StoredName[];

export type StoredName = keyof typeof STORED_OPTIONS;

/** The type of an option's value. */
export type ValueOf<Name extends OptionName> =
  (typeof TRAINING_OPTIONS)[Name] extends OptionRow<infer V> ? V : never;
