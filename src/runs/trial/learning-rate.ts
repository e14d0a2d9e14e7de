/** @file The learning rate range test on a run's data. Browser-safe. */

import {
  findLearningRate,
  type FindLearningRateOptions,
  type LearningRateCurve,
} from "../../nn/checks/index.ts";
import type { ReadControls, RunRequest } from "../run-kind.ts";
import type { TrainingConfig } from "../training-config.ts";
import { prepareTrial } from "./prepare-trial.ts";

/** The range of a test and the number of its steps. */
export type RangeOptions = Omit<FindLearningRateOptions, "batchSize" | "signal">;

/** The curve of a range test. Plain data. */
export interface LearningRateOutcome extends LearningRateCurve {
  readonly dataName: string;
  readonly config: TrainingConfig;
}

/** The number of steps where none is given. */
const STEPS = 200;

/**
 * Tests a range of learning rates with the network, optimizer, augmentation and data of the run that a request describes. Only
 * the examples of the test's steps are read.
 * @throws AuricleError as `startRun`, and "argument" for a range that makes no sense.
 */
export async function learningRateTrial(
  request: RunRequest,
  options: RangeOptions,
  controls: ReadControls,
): Promise<LearningRateOutcome> {
  const { steps = STEPS } = options;
  const { config, collection, model, training } = await prepareTrial(
    request,
    { batches: steps, evaluates: false },
    controls,
  );
  const { batchSize } = config;
  const { signal } = controls;
  const curve = await findLearningRate(model, training, { ...options, steps, batchSize, signal });
  return { ...curve, dataName: collection.name, config };
}
