/** @file A run's config.json: all that decides what the run computes. Node only. */

import { join } from "#here/io/path";
import { z } from "zod";
import { AuricleError } from "../../errors.ts";
import { MODEL_NAMES } from "../../models/index.ts";
import { OPTIMIZER_NAMES } from "../../nn/index.ts";
import { ALGORITHM_POLICIES } from "../../runtime/algorithm-policy.ts";
import { TARGET_NAMES } from "../../runtime/target.ts";
import { readJson, writeJson } from "../json-file.ts";

const runConfig = z.strictObject({
  /** The version of this file; a later one may have other fields. */
  version: z.literal(1),
  /** A data set's name, or the absolute path of a folder. */
  data: z.string(),
  /** The content of the files, so that a run is not resumed with other data. */
  files: z.array(z.strictObject({ name: z.string(), sha256: z.string() })),
  model: z.enum(MODEL_NAMES),
  /** By class index; what the model tells apart. */
  classNames: z.array(z.string()).min(2),
  /** Most epochs that are trained. */
  epochs: z.int().min(1),
  batchSize: z.int().min(1),
  optimizer: z.enum(OPTIMIZER_NAMES),
  learningRate: z.number().positive(),
  seed: z.int().min(0),
  /** The fraction of the training data that is held out. */
  validation: z.number().min(0).lt(1),
  /** Epochs without a better validation loss after which training ends; null: never. */
  patience: z.int().min(1).nullable(),
  /** How many of the training examples are used; null: all. */
  trainSize: z.int().min(1).nullable(),
  /** The kind of machine code: another one may round differently. */
  target: z.enum(TARGET_NAMES),
  /** How algorithms are chosen, which round differently too. Runs that do not say had the direct ones alone. */
  algorithms: z.enum(ALGORITHM_POLICIES).default("direct"),
});

export type RunConfig = Readonly<z.infer<typeof runConfig>>;

const CONFIG_NAME = "config.json";

/** @throws AuricleError "file" when it cannot be written. */
export async function writeRunConfig(folder: string, config: RunConfig): Promise<void> {
  await writeJson(join(folder, CONFIG_NAME), config);
}

/** @throws AuricleError "file" when the folder holds no run or the file is not as this version writes it. */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const path = join(folder, CONFIG_NAME);
  const result = runConfig.safeParse(await readJson(path));
  if (result.success) return result.data;
  throw new AuricleError(
    "file",
    `${path}: not a configuration that this version of Auricle reads:\n${z.prettifyError(result.error)}`,
  );
}
