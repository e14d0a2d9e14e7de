/** @file Parts of a configuration that a request decides alone. Browser-safe. */

import { resolve } from "#here/io/path";
import { isPublished } from "#here/pretrained/find-model";
import { DEFAULT_FRACTIONS, type SplitFractions } from "../data/audio/index.ts";
import { DEFAULT_TRANSFER } from "./options/names.ts";
import type { TrainingValues } from "./options/training-values.ts";
import { hasHead, STRENGTHS } from "./transfer/strengths.ts";
import type { TrainingConfig } from "./training-config.ts";

/** How the data are read where there are several ways. */
export function readingOf({ splitName, task }: TrainingValues): TrainingConfig["reading"] {
  return { ...(splitName !== undefined && { splitName }), ...(task && { task }) };
}

/** How a request divides the data. */
export function splitOf(request: TrainingValues): TrainingConfig["split"] {
  const [train, validation, test] = fractionsOf(request);
  const [number, of] = (request.fold ?? "").split("/").map(Number);
  return {
    fractions: [train, validation, test],
    official: request.officialSplit ?? true,
    fold: request.fold === undefined ? null : { of, number: number - 1 },
    seed: request.splitSeed ?? request.seed ?? 0,
    force: request.forceSplit ?? false,
    duplicates: request.duplicates ?? true,
    trainSize: request.trainSize ?? null,
  };
}

/** The network that a request begins with, and how it is used; null for a new one. */
export function transferOf({ from, freeze = false, transfer }: TrainingValues): TrainingConfig["transfer"] {
  if (from === undefined) return null;
  const how = freeze ? "frozen" : (transfer ?? DEFAULT_TRANSFER);
  // An absolute path, so that a run can go on from another folder.
  const place = isPublished(from) ? from : resolve(from);
  return { from: place, how, ...(hasHead({ how }) && { strengths: STRENGTHS }) };
}

/** `validation` is a share of what is not the test part. */
function fractionsOf({ split = DEFAULT_FRACTIONS, validation }: TrainingValues): SplitFractions {
  const [, , test] = split;
  if (validation === undefined) return split;
  return [(1 - test) * (1 - validation), (1 - test) * validation, test];
}
