import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { checkNumber, checkStep, type Schedule } from "./schedule.ts";
import { shownValue } from "../../shown-value.ts";

export interface ReduceOnPlateauOptions {
  readonly initialLearningRate: number;
  /** The factor for the learning rate at a plateau, between 0 and 1; default 0.1. */
  readonly factor?: number;
  /** How many values in a row without improvement make a plateau; a whole number above 0; default 10. */
  readonly patience?: number;
  /** "min" when lower values are better (a loss), "max" when higher ones are (an accuracy); default "min". */
  readonly mode?: "min" | "max";
  /** How much better than the best a value must be, in the value's unit, 0 or more; default 0.0001. */
  readonly minDelta?: number;
  /** After a reduction, how many values until waiting begins again (that last one counts); default 0. */
  readonly cooldown?: number;
  /** The learning rate never falls below it; default 0. */
  readonly minLearningRate?: number;
}

const OPTIONS: OptionNames<ReduceOnPlateauOptions> = {
  initialLearningRate: true,
  factor: true,
  patience: true,
  mode: true,
  minDelta: true,
  cooldown: true,
  minLearningRate: true,
};

/** A monitoring schedule's record of the training so far; plain JSON. */
export interface PlateauState {
  readonly learningRate: number;
  /** The best value so far, null before the first. */
  readonly best: number | null;
  /** How many values came since the best one, or since the cooldown ended. */
  readonly wait: number;
  /** How many values are left of the cooldown. */
  readonly cooldown: number;
}

/** A schedule whose learning rate depends on how the training goes. */
export interface MonitoringSchedule extends Schedule {
  /** Takes the next monitored value, once per epoch. NaN and infinities are no improvement. */
  observe(value: number): void;
  /** The state to save with a checkpoint. */
  state(): PlateauState;
  /** Goes on from a saved state. @throws AuricleError "argument" when a number in it makes no sense. */
  restore(state: PlateauState): void;
}

export function isMonitoringSchedule(schedule: Schedule): schedule is MonitoringSchedule {
  return "observe" in schedule;
}

/**
 * The learning rate is multiplied by `factor` whenever the monitored value has not improved for `patience`
 * values: the rule of Keras' ReduceLROnPlateau. PyTorch's of the same name waits for `patience + 1` values,
 * and its `threshold` is by default relative. Unlike in Keras, a NaN that comes first does not become the
 * best.
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions): MonitoringSchedule {
  const name = "reduceOnPlateau";
  checkOptions(name, options, OPTIONS);
  const config = plateauConfig(name, options);
  const initial: PlateauState = {
    learningRate: config.initialLearningRate,
    best: null,
    wait: 0,
    cooldown: 0,
  };
  let state = initial;
  return {
    name,
    config,
    at(step) {
      checkStep(name, step);
      return state.learningRate;
    },
    observe(value) {
      state = nextState(state, value, config);
    },
    state: () => state,
    restore(saved) {
      const { best } = saved;
      state = {
        learningRate: checkNumber(name, "learningRate of the state", saved.learningRate, "0 or more"),
        best: best === null ? null : checkNumber(name, "best of the state", best, "a finite number"),
        wait: checkNumber(name, "wait of the state", saved.wait, "a whole number, 0 or more"),
        cooldown: checkNumber(name, "cooldown of the state", saved.cooldown, "a whole number, 0 or more"),
      };
    },
  };
}

type PlateauConfig = ReturnType<typeof plateauConfig>;

function plateauConfig(name: string, options: ReduceOnPlateauOptions) {
  const { mode = "min" } = options;
  if (mode !== "min" && mode !== "max") {
    throw new AuricleError("argument", `${name}: mode must be min or max; got ${shownValue(mode)}`);
  }
  return {
    initialLearningRate: checkNumber(name, "initialLearningRate", options.initialLearningRate, "0 or more"),
    factor: checkNumber(name, "factor", options.factor ?? 0.1, "above 0 and below 1"),
    patience: checkNumber(name, "patience", options.patience ?? 10, "a whole number above 0"),
    mode,
    minDelta: checkNumber(name, "minDelta", options.minDelta ?? 1e-4, "0 or more"),
    cooldown: checkNumber(name, "cooldown", options.cooldown ?? 0, "a whole number, 0 or more"),
    minLearningRate: checkNumber(name, "minLearningRate", options.minLearningRate ?? 0, "0 or more"),
  };
}

function nextState(state: PlateauState, value: number, config: PlateauConfig): PlateauState {
  const cooldown = Math.max(0, state.cooldown - 1);
  if (improves(value, state.best, config)) return { ...state, best: value, wait: 0, cooldown };
  if (cooldown > 0) return { ...state, cooldown };
  const wait = state.wait + 1;
  if (wait < config.patience || state.learningRate <= config.minLearningRate) {
    return { ...state, wait, cooldown };
  }
  const learningRate = Math.max(state.learningRate * config.factor, config.minLearningRate);
  return { ...state, learningRate, wait: 0, cooldown: config.cooldown };
}

function improves(value: number, best: number | null, { mode, minDelta }: PlateauConfig): boolean {
  if (!Number.isFinite(value)) return false;
  if (best === null) return true;
  return mode === "min" ? value + minDelta < best : value - minDelta > best;
}
