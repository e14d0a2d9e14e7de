import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";

/** A schedule as a file stores it: its name and its parameters, both plain JSON. */
export interface ScheduleConfig {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * A learning rate for every step of a training; its `name` and `config` rebuild it (`scheduleFromConfig`).
 */
export interface Schedule extends ScheduleConfig {
  /**
   * The learning rate of the next update.
   * @param step how many updates were made before it: 0 for the first
   * @throws AuricleError "argument" when step is negative or not finite
   */
  at(step: number): number;
}

/** A schedule that is a pure function of the step. */
export function pureSchedule(
  name: string,
  config: Readonly<Record<string, unknown>>,
  learningRate: (step: number) => number,
): Schedule {
  return {
    name,
    config,
    at(step) {
      checkStep(name, step);
      return learningRate(step);
    },
  };
}

export function checkStep(schedule: string, step: number): void {
  if (!Number.isFinite(step) || step < 0) {
    throw new AuricleError(
      "argument",
      `${schedule}: step must be 0 or more, the number of updates so far; got ${shownValue(step)}`,
    );
  }
}

/** The values that a schedule's parameter may have: how to say it and how to test it. */
const RULES = {
  "a finite number": (value: number) => Number.isFinite(value),
  "0 or more": (value: number) => Number.isFinite(value) && value >= 0,
  "above 0": (value: number) => Number.isFinite(value) && value > 0,
  "in 0 … 1": (value: number) => value >= 0 && value <= 1,
  "above 0 and below 1": (value: number) => value > 0 && value < 1,
  "a whole number, 0 or more": (value: number) => Number.isInteger(value) && value >= 0,
  "a whole number above 0": (value: number) => Number.isInteger(value) && value > 0,
};

export type Rule = keyof typeof RULES;

/**
 * Checks one parameter of a schedule, from code or from a file.
 * @throws AuricleError "argument" naming the schedule, the parameter, the rule and the value.
 */
export function checkNumber(schedule: string, parameter: string, value: unknown, rule: Rule): number {
  if (typeof value !== "number" || !RULES[rule](value)) {
    throw new AuricleError("argument", `${schedule}: ${parameter} must be ${rule}; got ${shownValue(value)}`);
  }
  return value;
}

/** As {@link checkNumber}, for a list. */
export function checkNumbers(schedule: string, parameter: string, values: unknown, rule: Rule): number[] {
  if (!Array.isArray(values)) {
    throw new AuricleError(
      "argument",
      `${schedule}: ${parameter} must be a list of numbers; got ${shownValue(values)}`,
    );
  }
  return values.map((value, i) => checkNumber(schedule, `${parameter}[${i}]`, value, rule));
}
