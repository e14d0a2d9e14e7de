/** @file Bounds that weights are brought back to after each update: Keras' constraints. */
import type { Tensor } from "../graph/tensor.ts";
import { AuricleError } from "../errors.ts";
import { add, divide, multiply } from "../ops/arithmetic.ts";
import { sqrt } from "../ops/exponential.ts";
import { clip, maximum } from "../ops/select.ts";
import { sum } from "../ops/sum.ts";
import { checkOptions, type NoOptions, type OptionNames } from "../options.ts";
import { nonNegativeNumber } from "./initializers/initializer.ts";
import { ruleOf, type RuleConfig } from "./named-rule.ts";
import { shownValue } from "../shown-value.ts";

/** A constraint on a weight. */
export interface Constraint extends RuleConfig {
  /** The values nearest to a weight's that it allows, of the same shape. @throws AuricleError "argument" for an axis out of range */
  apply(values: Tensor): Tensor;
}

interface NormOptions {
  /**
   * The axis or axes that a norm is taken over: 0, the default, of the kernel `[D, units]` of a dense layer gives each unit a norm;
   * [0, 1, 2] does so for the filters of a `conv2d`, [0, 1] for those of a `conv1d`.
   */
  readonly axis?: number | readonly number[];
}

export interface MaxNormOptions extends NormOptions {
  /** The largest norm, 0 or more. Default 2. */
  readonly maxValue?: number;
}

export interface MinMaxNormOptions extends NormOptions {
  /** The least norm, 0 or more. Default 0. */
  readonly minValue?: number;
  /** The largest norm, not below the least. Default 1. */
  readonly maxValue?: number;
  /** How much of the way to the bounds each update goes, above 0 and at most 1. Default 1. */
  readonly rate?: number;
}

export type UnitNormOptions = NormOptions;

const UNIT_NORM_OPTIONS: OptionNames<UnitNormOptions> = { axis: true };
const MAX_NORM_OPTIONS: OptionNames<MaxNormOptions> = { maxValue: true, axis: true };
const MIN_MAX_NORM_OPTIONS: OptionNames<MinMaxNormOptions> = {
  minValue: true,
  maxValue: true,
  rate: true,
  axis: true,
};

/** Added to a norm that is divided by (Keras). */
const EPSILON = 1e-7;

/** Scales vectors longer than `maxValue` down to it; Keras' `MaxNorm`. */
export function maxNorm(options: MaxNormOptions = {}): Constraint {
  checkOptions("maxNorm", options, MAX_NORM_OPTIONS);
  const maxValue = nonNegativeNumber("maxNorm", "maxValue", options.maxValue ?? 2);
  const axis = checkAxis("maxNorm", options.axis ?? 0);
  return {
    name: "maxNorm",
    config: { maxValue, axis },
    apply: (values) => scaled(values, axis, (norms) => clip(norms, 0, maxValue)),
  };
}

/** Sets negative weights to 0; Keras' `NonNeg`. */
export function nonNeg(options: NoOptions = {}): Constraint {
  checkOptions("nonNeg", options, {});
  return { name: "nonNeg", config: {}, apply: (values) => maximum(values, 0) };
}

/** Gives every vector the norm 1; Keras' `UnitNorm`. */
export function unitNorm(options: UnitNormOptions = {}): Constraint {
  checkOptions("unitNorm", options, UNIT_NORM_OPTIONS);
  const axis = checkAxis("unitNorm", options.axis ?? 0);
  return {
    name: "unitNorm",
    config: { axis },
    apply: (values) => divide(values, add(normsOf(values, axis), EPSILON)),
  };
}

/** Brings the norms between `minValue` and `maxValue`, or `rate` of the way there; Keras' `MinMaxNorm`. */
export function minMaxNorm(options: MinMaxNormOptions = {}): Constraint {
  const where = "minMaxNorm";
  checkOptions(where, options, MIN_MAX_NORM_OPTIONS);
  const minValue = nonNegativeNumber(where, "minValue", options.minValue ?? 0);
  const maxValue = nonNegativeNumber(where, "maxValue", options.maxValue ?? 1);
  const rate = nonNegativeNumber(where, "rate", options.rate ?? 1);
  const axis = checkAxis(where, options.axis ?? 0);
  if (minValue > maxValue || rate === 0 || rate > 1) {
    throw new AuricleError(
      "argument",
      `${where}: minValue must not be above maxValue, and rate above 0 and at most 1; got ${minValue}, ${maxValue}, ${rate}`,
    );
  }
  return {
    name: where,
    config: { minValue, maxValue, rate, axis },
    apply: (values) =>
      scaled(values, axis, (norms) =>
        add(multiply(clip(norms, minValue, maxValue), rate), multiply(norms, 1 - rate)),
      ),
  };
}

/** The square roots of the sums of squares over the axes, which stay with length 1. */
function normsOf(values: Tensor, axis: number | readonly number[]): Tensor {
  return sqrt(sum(multiply(values, values), axis, true));
}

function scaled(
  values: Tensor,
  axis: number | readonly number[],
  desired: (norms: Tensor) => Tensor,
): Tensor {
  const norms = normsOf(values, axis);
  return multiply(values, divide(desired(norms), add(norms, EPSILON)));
}

function checkAxis(where: string, value: unknown): number | readonly number[] {
  const isList = Array.isArray(value) && value.length > 0 && value.every((one) => Number.isInteger(one));
  if (isList || (typeof value === "number" && Number.isInteger(value))) return value;
  throw new AuricleError(
    "argument",
    `${where}: axis must be an integer or a list of integers; got ${shownValue(value)}`,
  );
}

const FACTORIES = { maxNorm, nonNeg, unitNorm, minMaxNorm };

/** The names that stand for a constraint with its defaults. */
export type ConstraintName = keyof typeof FACTORIES;

export const CONSTRAINT_NAMES: readonly string[] = Object.keys(FACTORIES);

/** Where a layer takes a constraint: a name, a constraint, or its stored form. */
export type ConstraintOption = ConstraintName | RuleConfig;

/** @throws AuricleError "argument" for anything but a constraint. */
export function constraintOf(where: string, value: unknown): Constraint {
  return ruleOf(where, FACTORIES, value);
}
