import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { isMonitoringSchedule } from "./plateau.ts";
import { checkNumber, pureSchedule, type Schedule } from "./schedule.ts";
import { shownValue } from "../../shown-value.ts";

export interface LinearWarmupOptions {
  /** The schedule after the warm-up; its own step 0 comes at step `warmupSteps`. */
  readonly schedule: Schedule;
  /** How many steps the rise lasts; a whole number above 0. */
  readonly warmupSteps: number;
  /** Learning rate at step 0; default 0. */
  readonly initialLearningRate?: number;
}

const OPTIONS: OptionNames<LinearWarmupOptions> = {
  schedule: true,
  warmupSteps: true,
  initialLearningRate: true,
};

/**
 * A straight line from `initialLearningRate` to where `schedule` begins, then `schedule` (Goyal et al.
 * 2017, section 2.2; with a cosine decay, Keras' CosineDecay with `warmup_target`).
 * @throws AuricleError "argument" when a number makes no sense, or for `reduceOnPlateau`, whose learning
 *   rate depends on the training and not on the step.
 */
export function linearWarmup(options: LinearWarmupOptions): Schedule {
  const name = "linearWarmup";
  checkOptions(name, options, OPTIONS);
  const { schedule } = options;
  const warmupSteps = checkNumber(name, "warmupSteps", options.warmupSteps, "a whole number above 0");
  const initialLearningRate = checkNumber(
    name,
    "initialLearningRate",
    options.initialLearningRate ?? 0,
    "0 or more",
  );
  if (typeof schedule?.at !== "function") {
    throw new AuricleError(
      "argument",
      `${name}: schedule must be a schedule, as cosineDecay({ … }); got ${shownValue(schedule)}`,
    );
  }
  if (isMonitoringSchedule(schedule)) {
    throw new AuricleError(
      "argument",
      `${name}: schedule must be a function of the step alone; got ${schedule.name}, ` +
        "which follows a monitored value",
    );
  }
  const config = {
    schedule: { name: schedule.name, config: schedule.config },
    warmupSteps,
    initialLearningRate,
  };
  return pureSchedule(name, config, (step) => {
    if (step >= warmupSteps) return schedule.at(step - warmupSteps);
    return initialLearningRate + ((schedule.at(0) - initialLearningRate) * step) / warmupSteps;
  });
}
