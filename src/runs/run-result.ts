/**
 * @file The result of a run: result.json with the figures, and predictions.json with the model's outputs for each
 * example of the validation and test sets. Browser-safe.
 */

import { join } from "#here/io/path";
import * as z from "zod/mini";
import type { SplitReport } from "../data/audio/index.ts";
import { AuricleError } from "../errors.ts";
import { writeFileAtomic } from "../io/atomic-file.ts";
import type { Evaluation } from "../report/report-data.ts";
import { diagnosisSchema } from "./diagnosis.ts";
import { readJson, writeJson } from "./json-file.ts";
import { exists, RUN_FILES } from "./run-folder.ts";
import { predictionsText } from "./stored-results.ts";
import { transferResultSchema } from "./transfer/transfer-result.ts";
import type { TrainingConfig } from "./training-config.ts";

const score = z.number().check(z.minimum(0), z.maximum(1));
const common = {
  name: z.string(),
  examples: z.int(),
  /** How many of the clips are silent; absent where none is. */
  silent: z.optional(z.int()),
  loss: z.nullable(z.number()),
};

const evaluation = z.discriminatedUnion("task", [
  z.strictObject({
    ...common,
    task: z.literal("classification"),
    /** By example. */
    accuracy: score,
    accuracyInterval: z.tuple([score, score]),
    /** By window, where examples have several. */
    windowAccuracy: z.optional(score),
    macroF1: score,
    classes: z.array(
      z.strictObject({ name: z.string(), precision: score, recall: score, f1: score, support: z.int() }),
    ),
    /** Row = true class, column = predicted class. */
    confusionMatrix: z.array(z.array(z.int())),
  }),
  z.strictObject({
    ...common,
    task: z.literal("tagging"),
    meanAveragePrecision: z.nullable(score),
    meanRocAuc: z.nullable(score),
    macroF1: score,
    tags: z.array(
      z.strictObject({
        name: z.string(),
        averagePrecision: z.nullable(score),
        rocAuc: z.nullable(score),
        f1: score,
        support: z.int(),
      }),
    ),
  }),
  z.strictObject({
    ...common,
    task: z.literal("regression"),
    outputs: z.array(
      z.strictObject({
        name: z.string(),
        unit: z.string(),
        meanAbsoluteError: z.number(),
        baselineError: z.optional(z.number()),
      }),
    ),
  }),
]);

const runResult = z.strictObject({
  kind: z.enum(["sound", "images"]),
  model: z.string(),
  data: z.string(),
  /** Epochs trained. */
  epochs: z.int(),
  /** Whether the validation ended the training. */
  stoppedEarly: z.boolean(),
  /** The epoch whose weights were tested; null: the last, as nothing was held out. */
  bestEpoch: z.nullable(z.int()),
  /** Warnings about fallbacks and repairs in the run; absent where there were none. */
  warnings: z.optional(z.array(z.string())),
  split: z.strictObject({
    /** A description of how the data were split. */
    method: z.string(),
    /**
     * Where training began with the weights of another run: how many examples these were trained on, and chosen by; none of
     * them is in the test part.
     */
    known: z.optional(z.strictObject({ train: z.int(), validation: z.int() })),
    /** Groups, recordings and duplicates that are in several parts, and tested examples that the first weights know. */
    leaks: z.int(),
    /** Whether the split leaks and was forced nevertheless. */
    forced: z.boolean(),
  }),
  /** The most important one first: the test part's, where there is one. */
  evaluations: z.array(evaluation),
  /** Sentences about the data and their split that the user should know; absent in results of versions that kept none. */
  notes: z.optional(z.array(z.string())),
  /** The use of the network that the run began with; absent for new weights, and in results of earlier versions. */
  transfer: z.optional(transferResultSchema),
  /** The diagnosis of the trained model; absent in results of earlier versions, which made none. */
  diagnosis: z.optional(diagnosisSchema),
});

/** An evaluation's figures, without the examples behind them. */
export type EvaluationFigures = z.infer<typeof evaluation>;

export type RunResult = Readonly<z.infer<typeof runResult>>;

export const PREDICTIONS_NAME = "predictions.json";

export function figuresOf(full: Evaluation): EvaluationFigures {
  return evaluation.parse(Object.fromEntries(Object.entries(full).filter(([name]) => name !== "results")));
}

export function splitFacts(
  { method, known, leaks }: SplitReport,
  { split }: Pick<TrainingConfig, "split">,
): RunResult["split"] {
  return {
    method,
    ...(known && { known }),
    leaks: leaks.length,
    forced: split.force && leaks.length > 0,
  };
}

/** @throws AuricleError "file" when it cannot be written. */
export async function writeResult(
  folder: string,
  result: RunResult,
  evaluations: readonly Evaluation[],
): Promise<void> {
  await writeFileAtomic(join(folder, PREDICTIONS_NAME), predictionsText(evaluations));
  await writeJson(join(folder, RUN_FILES.result), result);
}

/** The result of a run, or undefined when it is not finished. @throws AuricleError "file" for a damaged file. */
export async function readResult(folder: string): Promise<RunResult | undefined> {
  const path = join(folder, RUN_FILES.result);
  if (!(await exists(path))) return undefined;
  const result = runResult.safeParse(await readJson(path));
  if (result.success) return result.data;
  throw new AuricleError("file", `${path}: not a result that this version of Auricle reads`);
}
