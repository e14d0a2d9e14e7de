import { checkOptions, type OptionNames } from "../../options.ts";
import { checkNumber, pureSchedule, type Schedule } from "./schedule.ts";

export interface OneCycleOptions {
  /** The highest learning rate. */
  readonly maxLearningRate: number;
  /** Steps of the whole training: epochs times batches per epoch; a whole number above 0. */
  readonly totalSteps: number;
  /** The fraction of the steps that the rise takes, 0 … 1; default 0.3. */
  readonly pctStart?: number;
  /** `maxLearningRate` over the learning rate at step 0; default 25. */
  readonly divFactor?: number;
  /** The learning rate at step 0 over that of the last step; default 10,000. */
  readonly finalDivFactor?: number;
}

const OPTIONS: OptionNames<OneCycleOptions> = {
  maxLearningRate: true,
  totalSteps: true,
  pctStart: true,
  divFactor: true,
  finalDivFactor: true,
};

/**
 * Half a cosine up to `maxLearningRate`, then half a cosine down to nearly nothing: Smith and Topin 2018,
 * with the numbers of PyTorch's OneCycleLR (`anneal_strategy="cos"`, two phases; it also cycles the
 * momentum, this does not). The rise ends at step `pctStart · totalSteps - 1`, the fall at step
 * `totalSteps - 1`; later steps keep the last step's learning rate.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const name = "oneCycle";
  checkOptions(name, options, OPTIONS);
  const config = {
    maxLearningRate: checkNumber(name, "maxLearningRate", options.maxLearningRate, "above 0"),
    totalSteps: checkNumber(name, "totalSteps", options.totalSteps, "a whole number above 0"),
    pctStart: checkNumber(name, "pctStart", options.pctStart ?? 0.3, "in 0 … 1"),
    divFactor: checkNumber(name, "divFactor", options.divFactor ?? 25, "above 0"),
    finalDivFactor: checkNumber(name, "finalDivFactor", options.finalDivFactor ?? 1e4, "above 0"),
  };
  const peak = config.maxLearningRate;
  const first = peak / config.divFactor;
  const last = first / config.finalDivFactor;
  // Not a whole number in general, and below 0 when the rise takes less than one step: PyTorch's convention.
  const peakStep = config.pctStart * config.totalSteps - 1;
  const lastStep = config.totalSteps - 1;
  return pureSchedule(name, config, (step) => {
    const within = Math.min(step, lastStep);
    if (within < peakStep) return cosine(first, peak, within / peakStep);
    if (peakStep === lastStep) return peak;
    return cosine(peak, last, (within - peakStep) / (lastStep - peakStep));
  });
}

/** From `start` at fraction 0 to `end` at fraction 1 along half a cosine. */
function cosine(start: number, end: number, fraction: number): number {
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * fraction));
}
