/** @file Callbacks that change the learning rate from epoch to epoch. */
import { checkOptions, type OptionNames } from "../../options.ts";
import { checkNumber } from "../schedules/schedule.ts";
import { reduceOnPlateau, type MonitoringSchedule } from "../schedules/index.ts";
import type { Callback, CallbackState } from "./callback.ts";
import { MONITOR_OPTIONS, Monitor, type MonitorOptions } from "./monitor.ts";

/**
 * Sets the learning rate of each epoch: Keras' LearningRateScheduler. For a rate that changes with every step, give the
 * optimizer a schedule.
 * @param schedule from the epoch, counted from 0, and the rate before it to the epoch's rate
 */
export function learningRateScheduler(schedule: (epoch: number, learningRate: number) => number): Callback {
  const name = "learningRateScheduler";
  return {
    name,
    onEpochBegin(epoch, training) {
      const learningRate = schedule(epoch, training.learningRate);
      training.learningRate = checkNumber(name, "the returned learning rate", learningRate, "0 or more");
    },
  };
}

export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** The factor for the learning rate at a plateau, between 0 and 1; default 0.1. */
  readonly factor?: number;
  /** How many epochs in a row without improvement make a plateau; default 10. */
  readonly patience?: number;
  /** After a reduction, how many epochs until waiting begins again; default 0. */
  readonly cooldown?: number;
  /** The learning rate never falls below it; default 0. */
  readonly minLearningRate?: number;
  /** How much better than the best a value must be to count; default 0.0001. */
  readonly minDelta?: number;
}

const OPTIONS: OptionNames<ReduceLROnPlateauOptions> = {
  factor: true,
  patience: true,
  cooldown: true,
  minLearningRate: true,
  ...MONITOR_OPTIONS,
};

/**
 * Multiplies the learning rate by `factor` whenever the monitored figure has not improved for `patience` epochs:
 * Keras' ReduceLROnPlateau.
 * @throws AuricleError "argument" for an option out of range, or at the first epoch's end when `monitor` is no figure of it.
 */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): Callback {
  const name = "reduceLROnPlateau";
  checkOptions(name, options, OPTIONS);
  const { factor, patience, cooldown, minLearningRate, minDelta } = options;
  const monitor = new Monitor(name, options);
  const start = (initialLearningRate: number, mode: "min" | "max") =>
    reduceOnPlateau({ initialLearningRate, factor, patience, cooldown, minLearningRate, minDelta, mode });
  start(1, "min"); // Checks the options now, not at the first epoch's end.
  let rule: MonitoringSchedule | undefined;
  let restored: CallbackState["values"] | undefined;
  return {
    name,
    onTrainBegin() {
      rule = undefined;
      restored = undefined;
    },
    onEpochEnd(_epoch, logs, training) {
      if (!rule) {
        rule = start(training.learningRate, monitor.mode(logs));
        if (restored) rule.restore(plateauState(restored));
      }
      const before = rule.at(0);
      rule.observe(monitor.value(logs));
      if (rule.at(0) !== before) training.learningRate = rule.at(0);
    },
    state: () => ({ values: rule ? { ...rule.state() } : (restored ?? {}) }),
    restore({ values }) {
      restored = "learningRate" in values ? values : undefined;
    },
  };
}

function plateauState(values: CallbackState["values"]) {
  const number = (key: string) =>
    checkNumber("reduceLROnPlateau", `${key} of the state`, values[key], "0 or more");
  return {
    learningRate: number("learningRate"),
    best:
      values.best === null ? null : checkNumber("reduceLROnPlateau", "best", values.best, "a finite number"),
    wait: number("wait"),
    cooldown: number("cooldown"),
  };
}
