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
import { takeTurn } from "../training/pause.ts";
import type { Trainer } from "../training/trainer.ts";
import { shownValue } from "../../shown-value.ts";

export interface FindLearningRateOptions {
  /** The learning rate of the first step; default 1e-6. */
  readonly minLearningRate?: number;
  /** The learning rate of the last step; default 1. */
  readonly maxLearningRate?: number;
  /** Default 200. */
  readonly steps?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** Called with the learning rate of each step and the loss after it. */
  readonly onStep?: (learningRate: number, loss: number) => void;
  /** Ends the test after the step at hand, with the signal's reason. */
  readonly signal?: AbortSignal;
}

const OPTIONS: OptionNames<FindLearningRateOptions> = {
  minLearningRate: true,
  maxLearningRate: true,
  steps: true,
  batchSize: true,
  onStep: true,
  signal: true,
};

export interface LearningRateCurve {
  /** The learning rate of each step made, from `minLearningRate` on, each greater than the last by the same factor. */
  readonly learningRates: readonly number[];
  /** The loss of one batch, always the same, after each step. */
  readonly losses: readonly number[];
  /** Means of the losses, weighted by a Gaussian with a deviation of a fifth of a decade of learning rates. */
  readonly smoothedLosses: readonly number[];
  /** A learning rate to begin with; undefined when the loss never fell. */
  readonly suggestion: number | undefined;
  /** The suggestion's index in the curve. */
  readonly suggestedStep: number | undefined;
  /** How the suggestion was chosen, or why there is none. */
  readonly explanation: string;
}

/** The deviation of the Gaussian that smooths the losses, in powers of ten of the learning rate. */
const SMOOTHING_DECADES = 0.2;
/** The test ends when the loss is this many times its lowest value. */
const DIVERGED = 4;
/** The part of its first value by which the smoothed loss must fall. */
const LEAST_FALL = 0.05;
/** The suggestion is the rate of the lowest loss divided by this. */
const MARGIN = 10;

/**
 * Tests a range of learning rates: raises the rate exponentially from step to step and watches the loss (Smith 2017, "Cyclical
 * learning rates for training neural networks", section 3.3). The loss is that of one batch, always the same, so that it does not depend on
 * which examples a step had.
 *
 * The suggestion is a tenth of the rate at which the smoothed loss is lowest (Howard and Gugger 2020, "fastai: a layered API for deep
 * learning"). Weights, the optimizer's state and the count of steps are put back.
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
  const { minLearningRate: least = 1e-6, maxLearningRate: most = 1, steps = 200, batchSize = 32 } = options;
  checkBatchSize(batchSize);
  if (!(least > 0 && most > least && most < Infinity) || !Number.isInteger(steps) || steps < 10) {
    throw new AuricleError(
      "argument",
      `findLearningRate: needs 0 < minLearningRate < maxLearningRate and at least 10 steps; ` +
        `got ${shownValue(least)}, ${shownValue(most)}, ${shownValue(steps)} steps`,
    );
  }
  const { trainer } = model;
  const source = "read" in data ? sourceOf(trainer, data, undefined) : sourceOf(trainer, data[0], data[1]);
  checkNotEmpty(source, "training");
  const before = trainer.snapshot();
  try {
    const rates = Array.from({ length: steps }, (_, i) => least * (most / least) ** (i / (steps - 1)));
    return suggest(await sweep(trainer, source, rates, Math.min(batchSize, source.length), options));
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
  { onStep, signal }: Pick<FindLearningRateOptions, "onStep" | "signal">,
): Promise<Sweep> {
  const learningRates: number[] = [];
  const losses: number[] = [];
  const reader = readerOf(trainer, source);
  const order = new Generator(deriveKey(trainer.network.seed, "findLearningRate")).shuffle(
    indexRange(0, source.length),
  );
  // The last examples, which are trained on last.
  const watched = order.subarray(order.length - batchSize);
  const program = trainer.programs.train({ batchSize, targets: source.targets, weighted: reader.weighted });
  let lowest = Infinity;
  for (const [step, learningRate] of rates.entries()) {
    signal?.throwIfAborted();
    const indices = indexRange(step * batchSize, batchSize).map((i) => order[i % order.length]);
    await reader.read(program, indices);
    trainer.learningRateOverride = learningRate;
    const { gradientNorm } = trainer.trainStep(program);
    await reader.read(program, watched);
    trainer.network.refresh();
    program.compiled.run();
    const loss = program.compiled.output(0).data[0];
    // Too high a rate ends in NaN: that is an answer here, not an error.
    if (!Number.isFinite(gradientNorm) || !Number.isFinite(loss)) break;
    learningRates.push(learningRate);
    losses.push(loss);
    onStep?.(learningRate, loss);
    lowest = Math.min(lowest, loss);
    if (loss > DIVERGED * lowest) break;
    const turn = takeTurn();
    if (turn) await turn;
  }
  return { learningRates, losses, smoothedLosses: smoothed(losses, Math.log10(rates[1] / rates[0])) };
}

/** @param decades from one value to the next */
function smoothed(values: readonly number[], decades: number): number[] {
  const weights = values.map((_, distance) =>
    Math.exp(-((distance * decades) ** 2) / (2 * SMOOTHING_DECADES ** 2)),
  );
  return values.map((_, at) => {
    let sum = 0;
    let total = 0;
    values.forEach((value, i) => {
      const weight = weights[Math.abs(i - at)];
      sum += weight * value;
      total += weight;
    });
    return sum / total;
  });
}

function suggest(curve: Sweep): LearningRateCurve {
  const { learningRates, smoothedLosses } = curve;
  const lowestAt = smoothedLosses.indexOf(Math.min(...smoothedLosses));
  const [first] = smoothedLosses;
  if (!(first - smoothedLosses[lowestAt] > LEAST_FALL * Math.abs(first))) {
    const explanation =
      "no suggestion: the smoothed loss did not fall; try a wider range of learning rates or more steps, or overfitOneBatch to see " +
      "whether the model learns at all";
    return { ...curve, suggestion: undefined, suggestedStep: undefined, explanation };
  }
  const limit = learningRates[lowestAt] / MARGIN;
  const suggestedStep = Math.max(
    0,
    learningRates.findLastIndex((rate) => rate <= limit),
  );
  const suggestion = learningRates[suggestedStep];
  const explanation =
    `${suggestion.toExponential(1)} is a tenth of the learning rate at which the smoothed loss was lowest, ` +
    `${learningRates[lowestAt].toExponential(1)}, beyond which training becomes unstable; a hint from ` +
    `${learningRates.length} steps, not a proof`;
  return { ...curve, suggestion, suggestedStep, explanation };
}
