/** @file Schedules that fall from a first learning rate. All count steps from 0, the first update. */

import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { checkNumber, checkNumbers, pureSchedule, type Schedule } from "./schedule.ts";
import { linearWarmup } from "./warmup.ts";

export interface ConstantLearningRateOptions {
  /** 0 or more. */
  readonly learningRate: number;
}

const CONSTANT_OPTIONS: OptionNames<ConstantLearningRateOptions> = { learningRate: true };

/** The same learning rate, 0 or more, at every step. */
export function constantLearningRate(options: ConstantLearningRateOptions): Schedule {
  const name = "constantLearningRate";
  checkOptions(name, options, CONSTANT_OPTIONS);
  const learningRate = checkNumber(name, "learningRate", options.learningRate, "0 or more");
  return pureSchedule(name, { learningRate }, () => learningRate);
}

export interface ExponentialDecayOptions {
  /** Learning rate at step 0, 0 or more. */
  readonly initialLearningRate: number;
  /** In how many steps the learning rate is multiplied by `decayRate` once; a whole number above 0. */
  readonly decaySteps: number;
  /** Above 0. */
  readonly decayRate: number;
}

const DECAY_OPTIONS: OptionNames<ExponentialDecayOptions> = {
  initialLearningRate: true,
  decaySteps: true,
  decayRate: true,
};

/**
 * `initialLearningRate · decayRate ^ ⌊step / decaySteps⌋`: a staircase. Keras' ExponentialDecay with
 * `staircase`, PyTorch's StepLR when its steps are counted in updates.
 */
export function stepDecay(options: ExponentialDecayOptions): Schedule {
  const config = decayConfig("stepDecay", options);
  return pureSchedule(
    "stepDecay",
    config,
    (step) => config.initialLearningRate * config.decayRate ** Math.floor(step / config.decaySteps),
  );
}

/** `initialLearningRate · decayRate ^ (step / decaySteps)`, Keras' ExponentialDecay. */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const config = decayConfig("exponentialDecay", options);
  return pureSchedule(
    "exponentialDecay",
    config,
    (step) => config.initialLearningRate * config.decayRate ** (step / config.decaySteps),
  );
}

function decayConfig(name: string, options: ExponentialDecayOptions) {
  checkOptions(name, options, DECAY_OPTIONS);
  return {
    initialLearningRate: checkNumber(name, "initialLearningRate", options.initialLearningRate, "0 or more"),
    decaySteps: checkNumber(name, "decaySteps", options.decaySteps, "a whole number above 0"),
    decayRate: checkNumber(name, "decayRate", options.decayRate, "above 0"),
  };
}

export interface PiecewiseConstantDecayOptions {
  /** Last steps of the pieces but the final one, rising; whole numbers, 0 or more. */
  readonly boundaries: readonly number[];
  /** Learning rates of the pieces: one more than boundaries. */
  readonly values: readonly number[];
}

const PIECEWISE_OPTIONS: OptionNames<PiecewiseConstantDecayOptions> = { boundaries: true, values: true };

/**
 * `values[i]` up to and with step `boundaries[i]`, the last value afterwards: Keras'
 * PiecewiseConstantDecay, where a boundary belongs to the piece before it.
 */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const name = "piecewiseConstantDecay";
  checkOptions(name, options, PIECEWISE_OPTIONS);
  const boundaries = checkNumbers(name, "boundaries", options.boundaries, "a whole number, 0 or more");
  const values = checkNumbers(name, "values", options.values, "0 or more");
  if (values.length !== boundaries.length + 1) {
    throw new AuricleError(
      "argument",
      `${name}: there must be one more value than boundaries; got ${values.length} values, ` +
        `${boundaries.length} boundaries`,
    );
  }
  const unordered = boundaries.findIndex((boundary, i) => i > 0 && boundary <= boundaries[i - 1]);
  if (unordered > 0) {
    throw new AuricleError(
      "argument",
      `${name}: boundaries must rise; got boundaries[${unordered}] = ${boundaries[unordered]} ` +
        `after ${boundaries[unordered - 1]}`,
    );
  }
  return pureSchedule(name, { boundaries, values }, (step) => {
    const piece = boundaries.findIndex((boundary) => step <= boundary);
    return values[piece === -1 ? boundaries.length : piece];
  });
}

export interface CosineDecayOptions {
  /** Learning rate at step 0. */
  readonly initialLearningRate: number;
  /** How many steps the fall lasts, after the warm-up; a whole number above 0. */
  readonly decaySteps: number;
  /** The fraction of the highest learning rate that is left at the end, 0 … 1; default 0. */
  readonly alpha?: number;
  /** With it the learning rate first rises from `initialLearningRate` to this in `warmupSteps` steps. */
  readonly warmupTarget?: number;
  /** A whole number above 0; only with `warmupTarget`. */
  readonly warmupSteps?: number;
}

const COSINE_OPTIONS: OptionNames<CosineDecayOptions> = {
  initialLearningRate: true,
  decaySteps: true,
  alpha: true,
  warmupTarget: true,
  warmupSteps: true,
};

/**
 * Half a cosine from `initialLearningRate` down to `alpha` times it, and that for ever: Keras' CosineDecay,
 * after Loshchilov and Hutter 2016. `peak · ((1 - alpha) · ½(1 + cos(π · step / decaySteps)) + alpha)`,
 * where peak is `initialLearningRate`, or `warmupTarget` after a linear warm-up, whose steps then come
 * before the fall's.
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const name = "cosineDecay";
  checkOptions(name, options, COSINE_OPTIONS);
  const { warmupTarget, warmupSteps } = options;
  const initialLearningRate = checkNumber(
    name,
    "initialLearningRate",
    options.initialLearningRate,
    "0 or more",
  );
  const decaySteps = checkNumber(name, "decaySteps", options.decaySteps, "a whole number above 0");
  const alpha = checkNumber(name, "alpha", options.alpha ?? 0, "in 0 … 1");
  const fall = (peak: number) => (step: number) => {
    const cosine = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, decaySteps)) / decaySteps));
    return peak * ((1 - alpha) * cosine + alpha);
  };
  const config = { initialLearningRate, decaySteps, alpha };
  if (warmupTarget === undefined && warmupSteps === undefined) {
    return pureSchedule(name, config, fall(initialLearningRate));
  }
  const target = checkNumber(name, "warmupTarget", warmupTarget, "0 or more");
  const steps = checkNumber(name, "warmupSteps", warmupSteps, "a whole number above 0");
  const schedule = pureSchedule(name, config, fall(target));
  const rising = linearWarmup({ schedule, warmupSteps: steps, initialLearningRate });
  return pureSchedule(name, { ...config, warmupTarget: target, warmupSteps: steps }, (step) =>
    rising.at(step),
  );
}
