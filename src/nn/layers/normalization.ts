import { AuricleError } from "../../errors.ts";
import { divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { sqrt } from "../../ops/exponential.ts";
import { maximum as largerOf, minimum as smallerOf } from "../../ops/select.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { broadcastAlong } from "../../ops/sum.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { formatShape, sizeOf } from "../../tensor/shape.ts";
import type { Initializer } from "../initializers/index.ts";
import type { Layer } from "../layer.ts";
import type { WeightSpec } from "../weight-spec.ts";
import { makeLayer } from "./make-layer.ts";
import { checkAxisOption, keptAxes, listOf } from "./axes.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS, type OtherOption } from "./options.ts";

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
  const check = checksFor(WHERE);
  const axis = listOf(checkAxisOption(check, options.axis));
  const mean = check.other("mean", options.mean, { ...statistic(-Infinity), fallback: 0 });
  const variance = check.other("variance", options.variance, { ...statistic(0), fallback: 1 });
  const epsilon = check.number("epsilon", options.epsilon, 1e-7, Number.MIN_VALUE);
  const minimum = check.optional("minimum", options.minimum, statistic(-Infinity));
  const maximum = check.optional("maximum", options.maximum, statistic(-Infinity));
  const range = { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
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
        const inverse = divide(1, largerOf(sqrt(context.weight("variance")), epsilon));
        const least = range.minimum === undefined ? x : largerOf(x, spreadOver(context.weight("minimum")));
        const held =
          range.maximum === undefined ? least : smallerOf(least, spreadOver(context.weight("maximum")));
        return multiply(subtract(held, spreadOver(context.weight("mean"))), spreadOver(inverse));
      },
    },
    options,
  );
}

/** One number, or one for each index of the axes. */
function statistic(least: number): Omit<OtherOption<number | readonly number[]>, "fallback"> {
  const isUsable = (one: unknown): one is number =>
    typeof one === "number" && Number.isFinite(one) && one >= least;
  return {
    type: "list",
    wanted: `one number or a list, ${least === 0 ? "finite numbers, 0 or more" : "finite numbers"}`,
    parse: (value) =>
      isUsable(value) || (Array.isArray(value) && value.every(isUsable)) ? value : undefined,
  };
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
