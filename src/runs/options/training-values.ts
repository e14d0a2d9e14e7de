/** @file Values of training options: given ones, complete ones, and those of a run. Browser-safe. */

import * as z from "zod/mini";
import type { KindName, OptionFacts, OptionRow, StoredRun } from "./option.ts";
import { recipeFor } from "./recipes.ts";
import { STORED_NAMES, TRAINING_OPTIONS, type OptionName, type StoredName, type ValueOf } from "./table.ts";

/** Values by the names of their options; undefined where none is given. */
export type TrainingValues = { readonly [Name in OptionName]?: ValueOf<Name> };

/** The values that a run's config.json stores under the names of their options. */
export type StoredValues = { readonly [Name in StoredName]: ValueOf<Name> };

/** All options, in the order of the table. */
export const OPTION_NAMES = Object.keys(TRAINING_OPTIONS) as readonly OptionName[];

/** The options that decide what is computed, in the order of the table. */
export const DECIDING_NAMES = OPTION_NAMES.filter((name) => TRAINING_OPTIONS[name].changesBits);

/** A row, its value's type left open, for code that treats all rows alike. */
export function rowOf(name: OptionName): OptionRow<unknown> {
  return TRAINING_OPTIONS[name] as OptionRow<unknown>;
}

/** Whether data of a kind have a use for an option. */
export function appliesTo(name: OptionName, kind: KindName): boolean {
  const { appliesTo: to } = rowOf(name);
  return to === "both" || to === kind;
}

/**
 * Fills in what is not given: from the recipe, which may depend on the data, or else the option's fallback.
 * @param given `recipe` names the recipe
 */
export function completeValues(kind: KindName, given: TrainingValues, facts: OptionFacts): StoredValues {
  const recipe: Readonly<Record<string, unknown>> = recipeFor(kind, given.recipe).values(facts);
  const entries = STORED_NAMES.map((name) => {
    const { settle, fallback, adapt } = rowOf(name);
    const wanted = given[name] === undefined ? (name in recipe ? recipe[name] : fallback) : given[name];
    const settled = settle ? settle(given[name]) : wanted;
    return [name, adapt ? adapt(settled, facts) : settled];
  });
  return Object.fromEntries(entries) as StoredValues;
}

/** The schemas of the fields of config.json that store options under their own names. */
export type StoredFields = { readonly [Name in StoredName]: z.ZodMiniType<ValueOf<Name>> };

/** Returns the part of a configuration's schema that comes from the table. */
export function storedFields(): StoredFields {
  const fields = STORED_NAMES.map((name) => {
    const { type, earlier, stored = type.schema } = rowOf(name);
    return [name, earlier === undefined ? stored : z._default(stored, earlier)];
  });
  return Object.fromEntries(fields) as StoredFields;
}

/** Reads the value of an option back from a run's configuration; undefined where it has none. */
export function valueOfRun(name: OptionName, config: StoredRun): unknown {
  if (!appliesTo(name, config.kind)) return undefined;
  const { of } = rowOf(name);
  return of ? of(config) : Object.entries(config).find(([field]) => field === name)?.[1];
}

/** Returns the values that repeat a run, by the names of their options. */
export function valuesOfRun(config: StoredRun): TrainingValues {
  const entries = DECIDING_NAMES.map((name) => [name, valueOfRun(name, config)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as TrainingValues;
}
