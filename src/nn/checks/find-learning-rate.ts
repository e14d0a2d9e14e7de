import type { Dataset } from "../../data/dataset.ts";
import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import type { Model } from "../model.ts";
import type { ModelOutputs, PerOutput } from "../per-output.ts";
import { checkBatchSize, checkNotEmpty, indexRange, readerOf } from "../training/evaluate.ts";
import type { ExampleSource, ModelInputs } from "../training/example-source.ts";
import { sourceOf } from "../training/model-data.ts";
import { turnTaker } from "../training/pause.ts";
import type { Trainer } from "../training/trainer.ts";

export interface FindLearningRateOptions {
  /** The learning rate of the first step; default 1e-6. */
  readonly minLearningRate?: number;
  /** The learning rate of the last step; default 1. */
  readonly maxLearningRate?: number;
  /** Default 100. */
  readonly steps?: number;
  /** Default 32. */
  readonly batchSize?: number;
}

const OPTIONS: OptionNames<FindLearningRateOptions> = {
  minLearningRate: true,
  maxLearningRate: true,
  steps: true,
  batchSize: true,
};

export interface LearningRateCurve {
  /** The learning rate of each step made, from `minLearningRate` on, each greater than the last by the same factor. */
  readonly learningRates: readonly number[];
  /** The loss of each step's batch, before its update. */
  readonly losses: readonly number[];
  /** Exponential mean of the losses, corrected for its start. */
  readonly smoothedLosses: readonly number[];
  /** A learning rate to begin with; undefined when the loss never fell. */
  readonly suggestion: number | undefined;
  /** The suggestion's index in the curve. */
  readonly suggestedStep: number | undefined;
  /** How the suggestion was chosen, or why there is none. */
  readonly explanation: string;
}

/** How much of the mean stays at each step. */
const SMOOTHING = 0.9;
/** The sweep ends when the smoothed loss is this many times its lowest value. */
const DIVERGED = 4;
/** The first steps' mean is too rough to read a slope from. */
const ROUGH_STEPS = 5;

/**
 * Raises the learning rate exponentially from batch to batch and watches the loss (Smith 2017, "Cyclical learning rates
 * for training neural networks", section 3.3). The suggestion is where the smoothed loss falls fastest per factor of
 * learning rate, before its lowest point. Weights, the optimizer's state and the count of steps are put back.
 * @param model compiled
 * @param data a data set, or x and y as `fit` takes them
 * @throws AuricleError "argument" for options that make no sense, and as `fit`.
 */
export async function findLearningRate<Outputs extends ModelOutputs = FloatArray>(
  model: Model<Outputs>,
  data: Dataset | readonly [ModelInputs, PerOutput<Outputs, NumericArray>],
  options: FindLearningRateOptions = {},
): Promise<LearningRateCurve> {
  checkOptions("findLearningRate", options, OPTIONS, "model, data, ");
  const { minLearningRate: least = 1e-6, maxLearningRate: most = 1, steps = 100, batchSize = 32 } = options;
  checkBatchSize(batchSize);
  if (!(least > 0 && most > least && most < Infinity) || !Number.isInteger(steps) || steps < 10) {
    throw new AuricleError(
      "argument",
      `findLearningRate: needs 0 < minLearningRate < maxLearningRate and at least 10 steps; ` +
        `got ${least}, ${most}, ${steps} steps`,
    );
  }
  const { trainer } = model;
  const source = "read" in data ? sourceOf(trainer, data, undefined) : sourceOf(trainer, data[0], data[1]);
  checkNotEmpty(source, "training");
  const before = trainer.snapshot();
  try {
    const rates = Array.from({ length: steps }, (_, i) => least * (most / least) ** (i / (steps - 1)));
    return suggest(await sweep(trainer, source, rates, Math.min(batchSize, source.length)));
  } finally {
    trainer.restore(before);
  }
}

interface Sweep {
  readonly learningRates: number[];
  readonly losses: number[];
  readonly smoothedLosses: number[];
}

async function sweep(
  trainer: Trainer,
  source: ExampleSource,
  rates: readonly number[],
  batchSize: number,
): Promise<Sweep> {
  const result: Sweep = { learningRates: [], losses: [], smoothedLosses: [] };
  const reader = readerOf(trainer, source);
  const order = new Generator(deriveKey(trainer.network.seed, "findLearningRate")).shuffle(
    indexRange(0, source.length),
  );
  const takeTurn = turnTaker();
  let mean = 0;
  let lowest = Infinity;
  for (const [step, learningRate] of rates.entries()) {
    const program = trainer.programs.train({ batchSize, targets: source.targets, weighted: reader.weighted });
    const indices = indexRange(step * batchSize, batchSize).map((i) => order[i % order.length]);
    const pending = reader.read(program, indices);
    if (pending) await pending;
    trainer.learningRateOverride = learningRate;
    const { loss, gradientNorm } = trainer.trainStep(program);
    // Too high a rate ends in NaN: that is an answer here, not an error.
    if (!Number.isFinite(gradientNorm)) return result;
    mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
    const smoothed = mean / (1 - SMOOTHING ** (step + 1));
    result.learningRates.push(learningRate);
    result.losses.push(loss);
    result.smoothedLosses.push(smoothed);
    lowest = Math.min(lowest, smoothed);
    if (smoothed > DIVERGED * lowest) return result;
    const turn = takeTurn();
    if (turn) await turn;
  }
  return result;
}

function suggest(curve: Sweep): LearningRateCurve {
  const { learningRates, smoothedLosses } = curve;
  const lowestAt = smoothedLosses.indexOf(Math.min(...smoothedLosses));
  let steepest = 0;
  let suggestedStep: number | undefined;
  for (let i = ROUGH_STEPS; i < lowestAt; i++) {
    // Rates grow by one factor, so a difference of losses is a slope over the logarithm of the rate.
    const slope = (smoothedLosses[i + 1] - smoothedLosses[i - 1]) / 2;
    if (slope < steepest) {
      steepest = slope;
      suggestedStep = i;
    }
  }
  if (suggestedStep === undefined) {
    const explanation =
      "no suggestion: the smoothed loss never fell; try a wider range of learning rates, or overfitOneBatch to see " +
      "whether the model learns at all";
    return { ...curve, suggestion: undefined, suggestedStep, explanation };
  }
  const suggestion = learningRates[suggestedStep];
  const explanation =
    `${suggestion.toExponential(1)} is where the smoothed loss fell fastest; it was lowest at ` +
    `${learningRates[lowestAt].toExponential(1)}, where training is about to become unstable; a hint from ` +
    `${learningRates.length} batches, not a proof`;
  return { ...curve, suggestion, suggestedStep, explanation };
}
