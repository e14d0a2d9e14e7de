/** @file Layer normalisation (Ba et al. 2016, arXiv:1607.06450): each example by the statistics of its own features. */
import { AuricleError } from "../errors.ts";
import { withGradient, type Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, normalizeAxis, sameShape } from "../tensor/shape.ts";
import { add, divide, multiply, subtract } from "./arithmetic.ts";
import { sqrt } from "./exponential.ts";
import { mean } from "./reduce.ts";
import { broadcastAlong, sum } from "./sum.ts";
import { moments } from "./variance.ts";

export interface LayerNormOptions {
  /** Factor of each feature, of the normalised axes' shape. Default: 1. */
  readonly gamma?: Tensor;
  /** Added to each feature, of the normalised axes' shape. Default: 0. */
  readonly beta?: Tensor;
  /** Added to the variance under the root. Default 1e-3 (Keras; PyTorch's is 1e-5). */
  readonly epsilon?: number;
  /** The axis or axes to normalise over. Default: the last. */
  readonly axis?: number | readonly number[];
}

const OPTIONS: OptionNames<LayerNormOptions> = { gamma: true, beta: true, epsilon: true, axis: true };

/**
 * gamma·x̂ + beta with x̂ = (x - mean) / √(variance + epsilon), mean and biased variance taken over `axis`. The gradient is
 * dx = (g - mean(g) - x̂·mean(g·x̂)) / √(variance + epsilon) with g = dy·gamma.
 * @throws AuricleError "shape" unless gamma and beta have the shape of the normalised axes; "argument" when an axis is
 *   out of range.
 */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  checkOptions("layerNorm", options, OPTIONS, "x, ");
  const { gamma, beta, epsilon = 1e-3, axis = -1 } = options;
  const chosen = (typeof axis === "number" ? [axis] : axis).map((one) =>
    normalizeAxis(one, x.shape.length, "layerNorm"),
  );
  const axes = x.shape.flatMap((_, other) => (chosen.includes(other) ? [other] : []));
  const features = axes.map((one) => x.shape[one]);
  for (const [name, vector] of Object.entries({ gamma, beta })) {
    if (vector && !sameShape(vector.shape, features)) {
      throw new AuricleError(
        "shape",
        `layerNorm: ${name} must be ${formatShape(features)}, the shape of axes ${axes.join(", ")}; got ${formatShape(vector.shape)} for input ${formatShape(x.shape)}`,
      );
    }
  }
  return normalizeOver(x, axes, axes, { gamma, beta, epsilon });
}

/** Factors and terms of {@link normalizeOver}, of the shape of their axes. */
interface Parameters {
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  readonly epsilon: number;
}

/**
 * gamma·x̂ + beta, with mean and variance over `axes`, and gamma and beta for each index of `parameterAxes`; both in order.
 */
export function normalizeOver(
  x: Tensor,
  axes: readonly number[],
  parameterAxes: readonly number[],
  { gamma, beta, epsilon }: Parameters,
): Tensor {
  const others = x.shape.flatMap((_, axis) => (parameterAxes.includes(axis) ? [] : [axis]));
  const perExample = (tensor: Tensor) => broadcastAlong(tensor, x.shape, axes);
  const perFeature = (tensor: Tensor) => broadcastAlong(tensor, x.shape, others);

  const statistics = moments(x, axes);
  const inverse = divide(1, sqrt(add(statistics.variance, epsilon)));
  const normalized = multiply(subtract(x, perExample(statistics.mean)), perExample(inverse));
  const scaled = gamma ? multiply(normalized, perFeature(gamma)) : normalized;
  const output = beta ? add(scaled, perFeature(beta)) : scaled;
  return withGradient(output, [x, ...(gamma ? [gamma] : []), ...(beta ? [beta] : [])], (dy) => {
    const g = gamma ? multiply(dy, perFeature(gamma)) : dy;
    const product = multiply(g, normalized);
    const centred = subtract(g, perExample(mean(g, axes)));
    const projection = multiply(normalized, perExample(mean(product, axes)));
    const dx = multiply(subtract(centred, projection), perExample(inverse));
    return [
      dx,
      ...(gamma ? [sum(multiply(dy, normalized), others)] : []),
      ...(beta ? [sum(dy, others)] : []),
    ];
  });
}
