/** @file Dropout (Srivastava et al. 2014, JMLR 15:1929), and its forms that drop whole channels or suit selu. */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { SELU } from "./activation.ts";
import { add, lessEqual, multiply } from "./arithmetic.ts";
import { randomUniform } from "./random.ts";
import { where } from "./select.ts";
import { shownValue } from "../shown-value.ts";

export interface DropoutOptions {
  /** Share of the elements that become 0; in [0, 1). */
  readonly rate: number;
  /** One int32 that differs from step to step. */
  readonly key: Tensor;
  /** Tells uses of one key apart: another number for each layer. */
  readonly salt: number;
  /** The number of x's first example in the batch that x is a share of: the mask is that of these examples. Default 0. */
  readonly firstExample?: number;
}

const OPTIONS: OptionNames<DropoutOptions> = { rate: true, key: true, salt: true, firstExample: true };

/**
 * Sets each element to 0 with probability `rate` and divides the others by 1 - rate, so that the expectation stays. The
 * mask is a function of (key, salt, position) alone.
 * @throws AuricleError "argument" unless 0 ≤ rate < 1, key is one int32 and salt an integer.
 */
export function dropout(x: Tensor, options: DropoutOptions): Tensor {
  return masked("dropout", x, x.shape, options);
}

/**
 * As {@link dropout}, but one draw for each example and channel: `[N, …, C]` (Tompson et al. 2015, arXiv:1411.4280).
 * Neighbours in a feature map are alike, so dropping single elements would hardly hide anything.
 * @throws AuricleError "argument" as dropout; "shape" unless x has three axes or more.
 */
export function spatialDropout(x: Tensor, options: DropoutOptions): Tensor {
  if (x.shape.length < 3) {
    throw new AuricleError(
      "shape",
      `spatialDropout: input must be [N, …, C] with a spatial axis at least; got ${formatShape(x.shape)}; use dropout`,
    );
  }
  const noiseShape = x.shape.map((length, axis) => (axis === 0 || axis === x.shape.length - 1 ? length : 1));
  return masked("spatialDropout", x, noiseShape, options);
}

/**
 * As {@link dropout} for what selu gives: sets elements to selu's limit at -infinity, and scales and shifts all so that mean 0 and
 * variance 1 stay what they are (Klambauer et al. 2017, arXiv:1706.02515; Keras' `AlphaDropout`).
 * @throws AuricleError "argument" as dropout.
 */
export function alphaDropout(x: Tensor, options: DropoutOptions): Tensor {
  const { rate } = options;
  const kept = keptMask("alphaDropout", x.shape, options);
  if (!kept) return x;
  const limit = -SELU.alpha * SELU.scale;
  const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * limit * limit));
  const shift = -scale * limit * rate;
  return add(multiply(where(kept, x, limit), scale), shift);
}

function masked(name: string, x: Tensor, noiseShape: Shape, options: DropoutOptions): Tensor {
  const kept = keptMask(name, noiseShape, options);
  return kept ? multiply(x, multiply(kept, 1 / (1 - options.rate))) : x;
}

/** 1 with probability 1 - rate, else 0; undefined where nothing is dropped. */
function keptMask(name: string, shape: Shape, options: DropoutOptions): Tensor | undefined {
  checkOptions(name, options, OPTIONS, "x, ");
  const { rate, key, salt, firstExample } = options;
  if (!(rate >= 0 && rate < 1)) {
    throw new AuricleError("argument", `${name}: rate must be in [0, 1); got ${shownValue(rate)}`);
  }
  return rate === 0 ? undefined : lessEqual(rate, randomUniform(shape, key, salt, firstExample));
}
