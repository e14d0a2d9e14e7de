/**
 * @file Penalties on weights or outputs, which are added to the loss: Keras' regularizers. The sums are over all numbers, so a
 * penalty grows with the weight's size.
 */
import type { Tensor } from "../graph/tensor.ts";
import { add, multiply } from "../ops/arithmetic.ts";
import { abs } from "../ops/select.ts";
import { sum } from "../ops/sum.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { nonNegativeNumber } from "./initializers/initializer.ts";
import { ruleOf, type RuleConfig } from "./named-rule.ts";

/** A penalty that is part of the loss, in training and in evaluation. */
export interface Regularizer extends RuleConfig {
  /** The penalty on all of a tensor's numbers, a scalar. */
  penalty(values: Tensor): Tensor;
}

export interface L1Options {
  /** The factor of Σ |x|, 0 or more. Default 0.01. */
  readonly l1?: number;
}

export interface L2Options {
  /** The factor of Σ x², 0 or more. Default 0.01. */
  readonly l2?: number;
}

export interface L1L2Options {
  /** The factor of Σ |x|, 0 or more. Default 0; 0.01 where neither is given. */
  readonly l1?: number;
  /** The factor of Σ x², 0 or more. Default 0; 0.01 where neither is given. */
  readonly l2?: number;
}

const L1_OPTIONS: OptionNames<L1Options> = { l1: true };
const L2_OPTIONS: OptionNames<L2Options> = { l2: true };
const L1_L2_OPTIONS: OptionNames<L1L2Options> = { l1: true, l2: true };

/** l1·Σ |x|: makes many weights exactly small (Keras' `L1`). The gradient of |x| at 0 is 0. */
export function l1(options: L1Options = {}): Regularizer {
  checkOptions("l1", options, L1_OPTIONS);
  const factor = nonNegativeNumber("l1", "l1", options.l1 ?? 0.01);
  return { name: "l1", config: { l1: factor }, penalty: (values) => multiply(sum(abs(values)), factor) };
}

/**
 * l2·Σ x² (Keras' `L2`). The gradient is 2·l2·x: PyTorch's `weight_decay` is 2·l2, and so is the optimizers' option `l2`, which
 * adds the gradient alone and leaves the reported loss as it is.
 */
export function l2(options: L2Options = {}): Regularizer {
  checkOptions("l2", options, L2_OPTIONS);
  const factor = nonNegativeNumber("l2", "l2", options.l2 ?? 0.01);
  return {
    name: "l2",
    config: { l2: factor },
    penalty: (values) => multiply(sum(multiply(values, values)), factor),
  };
}

/** l1·Σ |x| + l2·Σ x² (Keras' `L1L2`; TensorFlow.js takes 0.01 for the one that is left out). */
export function l1l2(options: L1L2Options = {}): Regularizer {
  checkOptions("l1l2", options, L1_L2_OPTIONS);
  const otherwise = options.l1 === undefined && options.l2 === undefined ? 0.01 : 0;
  const absolute = nonNegativeNumber("l1l2", "l1", options.l1 ?? otherwise);
  const square = nonNegativeNumber("l1l2", "l2", options.l2 ?? otherwise);
  return {
    name: "l1l2",
    config: { l1: absolute, l2: square },
    penalty: (values) =>
      add(multiply(sum(abs(values)), absolute), multiply(sum(multiply(values, values)), square)),
  };
}

const FACTORIES = { l1, l2, l1l2 };

/** The names that stand for a regularizer with its defaults. */
export type RegularizerName = keyof typeof FACTORIES;

export const REGULARIZER_NAMES: readonly string[] = Object.keys(FACTORIES);

/** Where a layer takes a regularizer: a name, a regularizer, or its stored form. */
export type RegularizerOption = RegularizerName | RuleConfig;

/** @throws AuricleError "argument" for anything but a regularizer. */
export function regularizerOf(where: string, value: unknown): Regularizer {
  return ruleOf(where, FACTORIES, value);
}
