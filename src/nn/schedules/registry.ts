import { AuricleError } from "../../errors.ts";
import { didYouMean } from "../../options.ts";
import {
  constantLearningRate,
  cosineDecay,
  exponentialDecay,
  piecewiseConstantDecay,
  stepDecay,
} from "./decay.ts";
import { oneCycle } from "./one-cycle.ts";
import { reduceOnPlateau } from "./plateau.ts";
import type { Schedule, ScheduleConfig } from "./schedule.ts";
import { linearWarmup } from "./warmup.ts";
import { shownValue } from "../../shown-value.ts";

/** Each function checks its options itself, so a stored config needs no other check. */
const SCHEDULES = {
  constantLearningRate,
  stepDecay,
  exponentialDecay,
  piecewiseConstantDecay,
  cosineDecay,
  linearWarmup,
  oneCycle,
  reduceOnPlateau,
} satisfies Record<string, (options: never) => Schedule>;

/** The names of all schedules. */
export const SCHEDULE_NAMES: readonly string[] = Object.keys(SCHEDULES);

function isScheduleName(name: string): name is keyof typeof SCHEDULES {
  return Object.hasOwn(SCHEDULES, name);
}

/**
 * Rebuilds a schedule from its name and config, as a checkpoint stores them. A monitoring schedule begins
 * anew: `restore` its state afterwards.
 * @throws AuricleError "argument" when the name or a parameter is unknown, or a parameter is missing or unusable.
 */
export function scheduleFromConfig({ name, config }: ScheduleConfig): Schedule {
  if (!isScheduleName(name)) {
    throw new AuricleError(
      "argument",
      `schedule: name must be one of ${SCHEDULE_NAMES.join(", ")}; got "${name}"${didYouMean(name, SCHEDULE_NAMES)}`,
    );
  }
  const make: (options: never) => Schedule = SCHEDULES[name];
  return make((name === "linearWarmup" ? { ...config, schedule: storedSchedule(config) } : config) as never);
}

/** The schedule within a stored one. */
function storedSchedule({ schedule }: ScheduleConfig["config"]): Schedule {
  if (isScheduleConfig(schedule)) return scheduleFromConfig(schedule);
  throw new AuricleError(
    "argument",
    `linearWarmup: schedule must be a stored schedule; got ${shownValue(schedule)}`,
  );
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
