import { AuricleError } from "../../errors.ts";
import {
  constantLearningRate,
  cosineDecay,
  exponentialDecay,
  piecewiseConstantDecay,
  stepDecay,
} from "./decay.ts";
import { oneCycle } from "./one-cycle.ts";
import { reduceOnPlateau } from "./plateau.ts";
import { checkNumber, type Schedule, type ScheduleConfig } from "./schedule.ts";
import { linearWarmup } from "./warmup.ts";

/** A stored config being read; the schedules themselves check the ranges. */
interface Reader {
  number(parameter: string): number;
  optionalNumber(parameter: string): number | undefined;
  numbers(parameter: string): number[];
  mode(): "min" | "max";
  schedule(): Schedule;
}

const FROM_CONFIG: Readonly<Record<string, (read: Reader) => Schedule>> = {
  constantLearningRate: (read) => constantLearningRate({ learningRate: read.number("learningRate") }),
  stepDecay: (read) => stepDecay(decayParameters(read)),
  exponentialDecay: (read) => exponentialDecay(decayParameters(read)),
  piecewiseConstantDecay: (read) =>
    piecewiseConstantDecay({ boundaries: read.numbers("boundaries"), values: read.numbers("values") }),
  cosineDecay: (read) =>
    cosineDecay({
      initialLearningRate: read.number("initialLearningRate"),
      decaySteps: read.number("decaySteps"),
      alpha: read.number("alpha"),
      warmupTarget: read.optionalNumber("warmupTarget"),
      warmupSteps: read.optionalNumber("warmupSteps"),
    }),
  linearWarmup: (read) =>
    linearWarmup({
      schedule: read.schedule(),
      warmupSteps: read.number("warmupSteps"),
      initialLearningRate: read.number("initialLearningRate"),
    }),
  oneCycle: (read) =>
    oneCycle({
      maxLearningRate: read.number("maxLearningRate"),
      totalSteps: read.number("totalSteps"),
      pctStart: read.number("pctStart"),
      divFactor: read.number("divFactor"),
      finalDivFactor: read.number("finalDivFactor"),
    }),
  reduceOnPlateau: (read) =>
    reduceOnPlateau({
      initialLearningRate: read.number("initialLearningRate"),
      factor: read.number("factor"),
      patience: read.number("patience"),
      mode: read.mode(),
      minDelta: read.number("minDelta"),
      cooldown: read.number("cooldown"),
      minLearningRate: read.number("minLearningRate"),
    }),
};

function decayParameters(read: Reader) {
  return {
    initialLearningRate: read.number("initialLearningRate"),
    decaySteps: read.number("decaySteps"),
    decayRate: read.number("decayRate"),
  };
}

/** The names of all schedules. */
export const SCHEDULE_NAMES: readonly string[] = Object.keys(FROM_CONFIG);

/**
 * Rebuilds a schedule from its name and config, as a checkpoint stores them. A monitoring schedule begins
 * anew: `restore` its state afterwards.
 * @throws AuricleError "argument" when the name is unknown or a parameter is missing or unusable.
 */
export function scheduleFromConfig({ name, config }: ScheduleConfig): Schedule {
  if (!Object.hasOwn(FROM_CONFIG, name)) {
    throw new AuricleError(
      "argument",
      `schedule: name must be one of ${SCHEDULE_NAMES.join(", ")}; got "${name}"`,
    );
  }
  return FROM_CONFIG[name](readerOf(name, config));
}

function readerOf(name: string, config: Readonly<Record<string, unknown>>): Reader {
  const number = (parameter: string) => checkNumber(name, parameter, config[parameter], "a finite number");
  const unusable = (parameter: string, wanted: string) =>
    new AuricleError(
      "argument",
      `${name}: ${parameter} must be ${wanted}; got ${JSON.stringify(config[parameter])}`,
    );
  return {
    number,
    optionalNumber: (parameter) => (config[parameter] === undefined ? undefined : number(parameter)),
    numbers(parameter) {
      const values = config[parameter];
      if (!Array.isArray(values)) throw unusable(parameter, "a list of numbers");
      return values.map((value, i) => checkNumber(name, `${parameter}[${i}]`, value, "a finite number"));
    },
    mode() {
      if (config.mode !== "min" && config.mode !== "max") throw unusable("mode", "min or max");
      return config.mode;
    },
    schedule() {
      if (!isScheduleConfig(config.schedule)) throw unusable("schedule", "a stored schedule");
      return scheduleFromConfig(config.schedule);
    },
  };
}

function isScheduleConfig(value: unknown): value is ScheduleConfig {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "config" in value &&
    typeof value.config === "object" &&
    value.config !== null
  );
}
