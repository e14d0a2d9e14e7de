/** @file The part of a new run's configuration that does not depend on the kind of data. Browser-safe. */

import type { Collection } from "../data/collection/collection.ts";
import type { BuildRequest } from "../nn/index.ts";
import type { NetworkConfig } from "../nn/network-plan.ts";
import type { Shape } from "../tensor/shape.ts";
import type { KindName, OptionFacts } from "./options/option.ts";
import { recipeFor, type Recipe } from "./options/recipes.ts";
import { completeValues } from "./options/training-values.ts";
import { readingOf, transferOf } from "./requested.ts";
import type { RunRequest } from "./run-kind.ts";
import { dataOf } from "./short-data-name.ts";
import type { TrainingConfig } from "./training-config.ts";

/** The facts about the data and the network that a configuration needs. */
export interface NewRunFacts extends Pick<OptionFacts, "examples" | "pixels"> {
  readonly model: TrainingConfig["model"];
  /** Describes the network of a network file; absent for a model by name. */
  readonly describe?: (request: BuildRequest) => NetworkConfig;
  readonly inputShape: Shape;
  readonly split: TrainingConfig["split"];
}

export interface NewRunFields {
  readonly recipe: Recipe;
  /** Whether training examples are changed at random, as far as no single change is named. */
  readonly augment: boolean;
  readonly fields: Omit<TrainingConfig, "kind" | "augmentation">;
}

/** Returns the requested values, and the recipe's for the rest. */
export function newRunFields(
  kind: KindName,
  request: RunRequest,
  { task, classNames }: Pick<Collection, "task" | "classNames">,
  { model, describe, inputShape, split, examples, pixels }: NewRunFacts,
): NewRunFields {
  const recipe = recipeFor(kind, request.recipe);
  const transfer = transferOf(request);
  const facts = {
    task,
    examples,
    hasValidation: split.fractions[1] > 0,
    ...(pixels && { pixels }),
    ...(transfer && { transfer: transfer.how }),
  };
  const values = completeValues(kind, request, facts);
  const network = describe?.({ inputShape, classes: classNames.length, seed: values.seed });
  const { epochs } = values;
  const { augment = recipe.values({ ...facts, epochs }).augment } = request;
  const fields: NewRunFields["fields"] = {
    version: 1,
    data: dataOf(request.data),
    reading: readingOf(request),
    task,
    classNames: [...classNames],
    ...values,
    model,
    ...(network && { network }),
    normalize: recipe.normalize,
    split,
    transfer,
  };
  // What the frozen part makes of an example is computed once, so that the example does not change.
  return { recipe, augment: augment && transfer?.how !== "frozen", fields };
}
