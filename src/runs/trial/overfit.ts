/** @file Training on one batch until it is memorised: a test of whether network, loss, data and learning rate fit. Browser-safe. */

import { dirname, join, resolve } from "#here/io/path";
import { store } from "#here/io/store/store";
import { overfitOneBatch, type OverfitReport } from "../../nn/checks/index.ts";
import { floatArray, intArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { expectedLoss } from "../initial-loss.ts";
import { writeJson } from "../json-file.ts";
import { requireRoom } from "../run-folder.ts";
import type { ReadControls, RunRequest } from "../run-kind.ts";
import type { TrainingConfig } from "../training-config.ts";
import { oneBatch } from "./dry-run.ts";
import { prepareTrial } from "./prepare-trial.ts";

/** The number of steps after which training on one batch is given up. */
export const OVERFIT_STEPS = 300;

/** The share of the loss of guessing that counts as near 0. */
const NEAR_ZERO = 0.01;

/** The file that is kept. */
const FILE_NAME = "overfit-one-batch.json";

/** The outcome of training on one batch. Plain data. */
export interface OverfitOutcome extends OverfitReport {
  readonly dataName: string;
  readonly config: TrainingConfig;
  /** The number of examples in the batch. */
  readonly examples: number;
  /** The loss at which training ends. */
  readonly targetLoss: number;
  /** Whether a step's loss was not above that. */
  readonly reached: boolean;
  /** The steps after which it would have been given up. */
  readonly limit: number;
  /** The file that was written, absolute; undefined where nothing is kept. */
  readonly file?: string;
}

/**
 * Trains a new network on one batch until the loss is a hundredth of that of guessing, for at most {@link OVERFIT_STEPS} steps: at a
 * constant learning rate, without augmentation, label smoothing and weight decay, each of which would keep the loss from 0.
 * @param place.out a folder for the curve and the figures; default: nothing is kept
 * @throws AuricleError as `startRun`, "numeric" when the loss becomes NaN.
 */
export async function overfitTrial(
  request: RunRequest,
  place: { readonly out?: string },
  controls: ReadControls,
): Promise<OverfitOutcome> {
  if (place.out !== undefined) await requireRoom(place.out);
  const plain = { augment: false, labelSmoothing: 0, schedule: "constant", weightDecay: 0 } as const;
  const trial = await prepareTrial({ ...request, ...plain }, { batches: 1, evaluates: false }, controls);
  const { config, collection, model } = trial;
  const batch = oneBatch(trial);
  const { length, inputShape, targetShape, targetDtype } = batch;
  const inputs = new Float32Array(length * sizeOf(inputShape));
  const size = length * sizeOf(targetShape);
  const targets = targetDtype === "int32" ? new Int32Array(size) : new Float32Array(size);
  await batch.read(
    Uint32Array.from({ length }, (_, i) => i),
    inputs,
    targets,
  );
  const x = floatArray(inputs, [length, ...inputShape]);
  const shape = [length, ...targetShape];
  const y = targets instanceof Int32Array ? intArray(targets, shape) : floatArray(targets, shape);
  const { expected = 1 } = expectedLoss(config.task, config.classNames.length);
  const targetLoss = NEAR_ZERO * expected;
  const report = await overfitOneBatch(model, x, y, {
    steps: OVERFIT_STEPS,
    targetLoss,
    signal: controls.signal,
  });
  const outcome: OverfitOutcome = {
    ...report,
    dataName: collection.name,
    config,
    examples: length,
    targetLoss,
    reached: report.losses.some((loss) => loss <= targetLoss),
    limit: OVERFIT_STEPS,
  };
  if (place.out === undefined) return outcome;
  const file = join(resolve(place.out), FILE_NAME);
  await store.makeFolder(dirname(file));
  await writeJson(file, outcome);
  return { ...outcome, file };
}
