/**
 * @file The transforms of Winograd's minimal filtering F(m×m, r×r): a tile of m×m outputs of an r×r filter g over 6×6
 * inputs d, where m + r = 7, is
 *
 *   Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A        36 products: instead of 144 for 3×3 filters, instead of 100 for 5×5
 *
 * (Lavin and Gray 2015, "Fast Algorithms for Convolutional Neural Networks"; Winograd 1980.) The matrices evaluate
 * polynomials at 0, ±a, ±b and ∞ and interpolate them; B is the same for all filters. Lavin and Gray take 1 and 2; with a = 5/8
 * and b = 3/2 the errors are 2 to 3 times smaller and all numbers of A and B are exact in float32 (Barabasz et al. 2020, "Error
 * Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural Networks", on the choice of points).
 *
 * The points come in pairs ±p, so even and odd parts are computed once for two results. The filter gradient uses the
 * transposed transforms: Σ over tiles of Gᵀ [ (A y Aᵀ) ⊙ (Bᵀ d B) ] G for the output gradient's tiles y.
 */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { VectorExpression } from "../../../machine/ir.ts";

/** Inputs that a tile reads along one axis: as many as there are points. */
export const TILE_INPUTS = 6;
/** Products of a tile and pair of channels. */
export const POINTS = TILE_INPUTS * TILE_INPUTS;

const A = 5 / 8;
const B = 3 / 2;
const A2 = A * A;
const B2 = B * B;
/** Π over the other finite points q of (p - q), for p = 0, ±A, ±B. */
const PRODUCTS = { zero: A2 * B2, a: 2 * A2 * (A2 - B2), b: 2 * B2 * (B2 - A2) };
const ONES = { zero: 1, a: 1, b: 1 };

/** The numbers that the values at the points are divided by. */
type Divisors = typeof PRODUCTS;

/** A linear map of vectors along one axis of a tile. */
export interface Transform {
  readonly inputs: number;
  readonly outputs: number;
  /** @param values bound, since they are used more than once; the results may be used once */
  apply(k: KernelBuilder, values: readonly VectorExpression[]): VectorExpression[];
}

/** The transforms for filters of one size. */
export interface TileTransforms {
  /** Outputs of a tile along one axis. */
  readonly tileOutputs: number;
  /** G: a filter's numbers to points. */
  readonly filter: Transform;
  /** Aᵀ: points to outputs. */
  readonly output: Transform;
  /** A: the gradient of the outputs to points. */
  readonly outputGradient: Transform;
  /** Gᵀ: points to the gradient of the filter's numbers. */
  readonly filterGradient: Transform;
}

/** @param filterSize one axis of a filter: 2 … 5 */
export function tileTransforms(filterSize: number): TileTransforms {
  const tileOutputs = TILE_INPUTS + 1 - filterSize;
  return {
    tileOutputs,
    filter: evaluation(filterSize, PRODUCTS),
    output: transposedEvaluation(tileOutputs, ONES),
    outputGradient: evaluation(tileOutputs, ONES),
    filterGradient: transposedEvaluation(filterSize, PRODUCTS),
  };
}

/** value·factor + addend */
function scaledSum(
  k: KernelBuilder,
  value: VectorExpression,
  factor: number,
  addend: VectorExpression,
): VectorExpression {
  return factor === 1 ? k.binary("add", value, addend) : k.multiplyAdd(value, k.constant(factor), addend);
}

interface Term {
  readonly value: VectorExpression;
  readonly factor: number;
}

/** Σ value·factor, added to a given value from the first term on. */
function sumOf(k: KernelBuilder, terms: readonly Term[], given?: VectorExpression): VectorExpression {
  const [first, ...others] = terms;
  const begin = given ? scaledSum(k, first.value, first.factor, given) : scaled(k, first);
  return others.reduce((sum, { value, factor }) => scaledSum(k, value, factor, sum), begin);
}

function scaled(k: KernelBuilder, { value, factor }: Term): VectorExpression {
  return factor === 1 ? value : k.binary("multiply", value, k.constant(factor));
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

/** A polynomial of so many coefficients at the 6 points, divided. */
function evaluation(count: number, divisors: Divisors): Transform {
  return {
    inputs: count,
    outputs: TILE_INPUTS,
    apply(k, coefficients) {
      const terms = coefficients.map((value, power) => ({ value, power }));
      const pair = (point: number, divisor: number): VectorExpression[] => {
        const parts = [0, 1].map((parity) =>
          terms
            .filter(({ power }) => power % 2 === parity)
            .map(({ value, power }) => ({ value, factor: point ** power / divisor })),
        );
        const even = k.let(sumOf(k, parts[0]));
        const [first, ...more] = parts[1];
        if (more.length === 0) {
          return [1, -1].map((sign) => scaledSum(k, first.value, sign * first.factor, even));
        }
        const odd = k.let(sumOf(k, parts[1]));
        return [k.binary("add", even, odd), k.binary("subtract", even, odd)];
      };
      const atZero = scaled(k, { value: coefficients[0], factor: 1 / divisors.zero });
      return [atZero, ...pair(A, divisors.a), ...pair(B, divisors.b), coefficients[count - 1]];
    },
  };
}

/** The transpose of {@link evaluation}: for each power the sum over the points of divided value · point^power. */
function transposedEvaluation(count: number, divisors: Divisors): Transform {
  return {
    inputs: TILE_INPUTS,
    outputs: count,
    apply(k, [atZero, a, minusA, b, minusB, atInfinity]) {
      const parts = [
        { values: sumAndDifference(k, b, minusB), point: B, divisor: divisors.b },
        { values: sumAndDifference(k, a, minusA), point: A, divisor: divisors.a },
      ];
      return Array.from({ length: count }, (_, power) => {
        const terms = parts.map(({ values, point, divisor }) => ({
          value: values[power % 2],
          factor: point ** power / divisor,
        }));
        const atZeroToo = power === 0 ? [{ value: atZero, factor: 1 / divisors.zero }] : [];
        return sumOf(k, [...terms, ...atZeroToo], power === count - 1 ? atInfinity : undefined);
      });
    },
  };
}

function sumAndDifference(
  k: KernelBuilder,
  a: VectorExpression,
  b: VectorExpression,
): readonly [VectorExpression, VectorExpression] {
  return [k.let(k.binary("add", a, b)), k.let(k.binary("subtract", a, b))];
}
