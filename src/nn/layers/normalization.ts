import { AuricleError } from "../../errors.ts";
import { divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { sqrt } from "../../ops/exponential.ts";
import { maximum, minimum } from "../../ops/select.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { broadcastAlong } from "../../ops/sum.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { formatShape, normalizeAxis, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Initializer } from "../initializers/index.ts";
import type { Layer } from "../layer.ts";
import type { WeightSpec } from "../weight-spec.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface NormalizationOptions extends LayerOptions {
  /**
   * The axis or axes, the batch being axis 0, that have a mean and a variance for each of their indices: 2 for each
   * frequency of `[N, T, F, C]`; `[]` for one mean and one variance of all. Default -1: for each channel (Keras).
   */
  readonly axis?: number | readonly number[];
  /** One number for all, or one for each index of the axes, row-major. Default 0. */
  readonly mean?: number | readonly number[];
  /** As `mean`, 0 or more. Default 1. */
  readonly variance?: number | readonly number[];
  /** The least that is divided by. Default 1e-7 (Keras). */
  readonly epsilon?: number;
  /** As `mean`: smaller values are taken for this one. Default: none are. Not in Keras. */
  readonly minimum?: number | readonly number[];
  /** As `mean`: larger values are taken for this one. Default: none are. Not in Keras. */
  readonly maximum?: number | readonly number[];
}

const OPTIONS: OptionNames<NormalizationOptions> = {
  axis: true,
  mean: true,
  variance: true,
  epsilon: true,
  minimum: true,
  maximum: true,
  ...LAYER_OPTIONS,
};

const WHERE = "normalization";

/**
 * (x - mean) / max(√variance, epsilon) with fixed statistics, of the training examples: Keras' `Normalization`.
 * They are the weights `mean` and `variance`, which no gradient trains, so that they travel with the model. Shapes stay.
 * It divides by the given deviation, however small; `featureStatistics` ensures that this is not almost 0.
 *
 * With `minimum` and `maximum`, x is clipped to them first: values outside the training range then reach the network
 * as the nearest one within it. They are weights of the same shape.
 *
 * @example normalization(await featureStatistics(trainingWindows, { axis: 2 }))
 */
export function normalization(options: NormalizationOptions = {}): Layer {
  checkOptions(WHERE, options, OPTIONS);
  const epsilon = checksFor(WHERE).number("epsilon", options.epsilon, 1e-7, Number.MIN_VALUE);
  const axis = checkAxes(options.axis ?? -1);
  const mean = checkStatistic("mean", options.mean ?? 0, -Infinity);
  const variance = checkStatistic("variance", options.variance ?? 1, 0);
  const range = checkRange(options);
  const given = { mean, variance, ...range };
  return makeLayer(
    {
      className: "Normalization",
      factory: WHERE,
      config: { axis, epsilon, ...given },
      weights([inputShape]): WeightSpec[] {
        const shape = keptAxes([1, ...inputShape], axis, WHERE).map((kept) => inputShape[kept - 1]);
        return Object.entries(given).map(([name, value]) => ({
          name,
          shape,
          initializer: givenValues(name, value),
          trainable: false,
          decay: false,
        }));
      },
      call([x], context) {
        const kept = keptAxes(x.shape, axis, WHERE);
        const others = x.shape.flatMap((_, one) => (kept.includes(one) ? [] : [one]));
        const spreadOver = (statistic: Tensor) => broadcastAlong(statistic, x.shape, others);
        const inverse = divide(1, maximum(sqrt(context.weight("variance")), epsilon));
        const least = range.minimum === undefined ? x : maximum(x, spreadOver(context.weight("minimum")));
        const held =
          range.maximum === undefined ? least : minimum(least, spreadOver(context.weight("maximum")));
        return multiply(subtract(held, spreadOver(context.weight("mean"))), spreadOver(inverse));
      },
    },
    options,
  );
}

/**
 * The axes of `shape`, batch included, in order.
 * @throws AuricleError "argument" when one is out of range, or is the batch
 */
export function keptAxes(shape: Shape, axes: readonly number[], where: string): readonly number[] {
  const kept = [...new Set(axes.map((axis) => normalizeAxis(axis, shape.length, where)))];
  if (kept.includes(0)) {
    throw new AuricleError(
      "argument",
      `${where}: axis must not be 0, the batch; got ${JSON.stringify(axes)}`,
    );
  }
  return kept.sort((a, b) => a - b);
}

/** @throws AuricleError "argument" unless the value is an integer or a list of them. */
export function checkAxes(value: unknown, where = WHERE, name = "axis"): readonly number[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((one) => Number.isInteger(one))) return list.map(Number);
  throw new AuricleError(
    "argument",
    `${where}: ${name} must be an integer or a list of integers; got ${JSON.stringify(value)}`,
  );
}

function checkStatistic(name: string, value: unknown, least: number): number | readonly number[] {
  const isUsable = (one: unknown): one is number =>
    typeof one === "number" && Number.isFinite(one) && one >= least;
  if (isUsable(value)) return value;
  if (Array.isArray(value) && value.every(isUsable)) return value;
  const wanted = least === 0 ? "finite numbers, 0 or more" : "finite numbers";
  throw new AuricleError(
    "argument",
    `${WHERE}: ${name} must be one number or a list, ${wanted}; got ${JSON.stringify(value)}`,
  );
}

/** Those of the two that are given. */
function checkRange(options: NormalizationOptions) {
  const minimum =
    options.minimum === undefined ? undefined : checkStatistic("minimum", options.minimum, -Infinity);
  const maximum =
    options.maximum === undefined ? undefined : checkStatistic("maximum", options.maximum, -Infinity);
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
}

function givenValues(name: string, value: number | readonly number[]): Initializer {
  return {
    name: "given",
    config: {},
    initialize(shape) {
      const size = sizeOf(shape);
      if (typeof value === "number") return new Float32Array(size).fill(value);
      if (value.length === size) return Float32Array.from(value);
      throw new AuricleError(
        "shape",
        `${WHERE}: ${name} must be one number or ${size}, one for each index of the axes ${formatShape(shape)}; ` +
          `got ${value.length}`,
      );
    },
  };
}
