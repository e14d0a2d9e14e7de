/**
 * @file The transforms of Winograd's minimal filtering F(4×4, 3×3): a tile of 4×4 outputs of a 3×3 filter g over 6×6
 * inputs d is
 *
 *   Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A        36 products instead of 144
 *
 * (Lavin and Gray 2015, "Fast Algorithms for Convolutional Neural Networks"; Winograd 1980.) The matrices evaluate
 * polynomials at 0, ±a, ±b and ∞ and interpolate them. Lavin and Gray take 1 and 2; with a = 5/8 and b = 3/2 the errors are
 * 2 to 3 times smaller and all numbers of A and B are exact in float32 (Barabasz et al. 2020, "Error Analysis and
 * Improving the Accuracy of Winograd Convolution for Deep Neural Networks", on the choice of points).
 *
 * The points come in pairs ±p, so even and odd parts are computed once for two results. The filter gradient uses the
 * transposed transforms: Σ over tiles of Gᵀ [ (A y Aᵀ) ⊙ (Bᵀ d B) ] G for the output gradient's tiles y.
 */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { VectorExpression } from "../../../machine/ir.ts";

/** Outputs of a tile along one axis. */
export const TILE_OUTPUTS = 4;
/** Inputs that a tile reads along one axis: as many as there are points. */
export const TILE_INPUTS = 6;
const FILTER_SIZE = 3;
/** Products of a tile and pair of channels. */
export const POINTS = TILE_INPUTS * TILE_INPUTS;

const A = 5 / 8;
const B = 3 / 2;
const A2 = A * A;
const B2 = B * B;
/** Π over the other finite points q of (p - q), for p = 0, ±A, ±B. */
const AT_ZERO = A2 * B2;
const AT_A = 2 * A2 * (A2 - B2);
const AT_B = 2 * B2 * (B2 - A2);

/** A linear map of vectors along one axis of a tile. */
export interface Transform {
  readonly inputs: number;
  readonly outputs: number;
  /** @param values bound, since they are used more than once; the results may be used once */
  apply(k: KernelBuilder, values: readonly VectorExpression[]): VectorExpression[];
}

function scaled(k: KernelBuilder, value: VectorExpression, factor: number): VectorExpression {
  return k.binary("multiply", value, k.constant(factor));
}

/** value·factor + addend */
function scaledSum(
  k: KernelBuilder,
  value: VectorExpression,
  factor: number,
  addend: VectorExpression,
): VectorExpression {
  return k.multiplyAdd(value, k.constant(factor), addend);
}

function sumAndDifference(
  k: KernelBuilder,
  a: VectorExpression,
  b: VectorExpression,
): readonly [VectorExpression, VectorExpression] {
  return [k.let(k.binary("add", a, b)), k.let(k.binary("subtract", a, b))];
}

/** Bᵀ: 6 inputs to 6 points. */
export const transformInput: Transform = {
  inputs: TILE_INPUTS,
  outputs: TILE_INPUTS,
  apply(k, [d0, d1, d2, d3, d4, d5]) {
    const pair = (point: number, otherSquared: number): VectorExpression[] => {
      const even = k.let(scaledSum(k, d2, -otherSquared, d4));
      const odd = k.let(scaledSum(k, d1, -otherSquared, d3));
      return [scaledSum(k, odd, point, even), scaledSum(k, odd, -point, even)];
    };
    const outer = (low: VectorExpression, middle: VectorExpression, high: VectorExpression) =>
      scaledSum(k, low, A2 * B2, scaledSum(k, middle, -(A2 + B2), high));
    return [outer(d0, d2, d4), ...pair(A, B2), ...pair(B, A2), outer(d1, d3, d5)];
  },
};

/** G: 3 filter numbers to 6 points. */
export const transformFilter: Transform = {
  inputs: FILTER_SIZE,
  outputs: TILE_INPUTS,
  apply(k, [g0, g1, g2]) {
    const pair = (point: number, product: number): VectorExpression[] => {
      const even = k.let(scaledSum(k, g2, (point * point) / product, scaled(k, g0, 1 / product)));
      return [scaledSum(k, g1, point / product, even), scaledSum(k, g1, -point / product, even)];
    };
    return [scaled(k, g0, 1 / AT_ZERO), ...pair(A, AT_A), ...pair(B, AT_B), g2];
  },
};

/** Aᵀ: 6 points to 4 outputs. */
export const transformOutput: Transform = {
  inputs: TILE_INPUTS,
  outputs: TILE_OUTPUTS,
  apply(k, [m0, m1, m2, m3, m4, m5]) {
    const [evenA, oddA] = sumAndDifference(k, m1, m2);
    const [evenB, oddB] = sumAndDifference(k, m3, m4);
    return [
      k.binary("add", m0, k.binary("add", evenA, evenB)),
      scaledSum(k, oddA, A, scaled(k, oddB, B)),
      scaledSum(k, evenA, A2, scaled(k, evenB, B2)),
      scaledSum(k, oddA, A * A2, scaledSum(k, oddB, B * B2, m5)),
    ];
  },
};

/** A: the gradient of 4 outputs to 6 points. */
export const transformOutputGradient: Transform = {
  inputs: TILE_OUTPUTS,
  outputs: TILE_INPUTS,
  apply(k, [y0, y1, y2, y3]) {
    const pair = (point: number): VectorExpression[] => {
      const even = k.let(scaledSum(k, y2, point * point, y0));
      const odd = k.let(scaledSum(k, y3, point ** 3, scaled(k, y1, point)));
      return [k.binary("add", even, odd), k.binary("subtract", even, odd)];
    };
    return [y0, ...pair(A), ...pair(B), y3];
  },
};

/** Gᵀ: 6 points to the gradient of 3 filter numbers. */
export const transformFilterGradient: Transform = {
  inputs: TILE_INPUTS,
  outputs: FILTER_SIZE,
  apply(k, [x0, x1, x2, x3, x4, x5]) {
    const [evenA, oddA] = sumAndDifference(k, x1, x2);
    const [evenB, oddB] = sumAndDifference(k, x3, x4);
    return [
      scaledSum(k, x0, 1 / AT_ZERO, scaledSum(k, evenA, 1 / AT_A, scaled(k, evenB, 1 / AT_B))),
      scaledSum(k, oddA, A / AT_A, scaled(k, oddB, B / AT_B)),
      scaledSum(k, evenA, A2 / AT_A, scaledSum(k, evenB, B2 / AT_B, x5)),
    ];
  },
};
