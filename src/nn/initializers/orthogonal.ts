import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Generator } from "../../random/generator.ts";
import { formatShape, sizeOf } from "../../tensor/shape.ts";
import { finiteNumber, type Initializer } from "./initializer.ts";

export interface OrthogonalOptions {
  /** Factor on the orthogonal matrix; default 1. */
  readonly gain?: number;
}

const OPTIONS: OptionNames<OrthogonalOptions> = { gain: true };

/**
 * A random orthogonal matrix times `gain`, uniformly distributed (Haar); Saxe et al. 2014. A weight
 * `[...rest, out]` is taken as a matrix of rows = product(rest) and `out` columns: its columns are
 * orthonormal when rows >= columns, else its rows are. As in Keras: the Q of a QR decomposition of a normal
 * matrix, with the signs that make R's diagonal positive, transposed where the weight is wider than high.
 * @throws AuricleError "argument" when gain is not finite; "shape" at `initialize` when the rank is below 2.
 */
export function orthogonal(options: OrthogonalOptions = {}): Initializer {
  checkOptions("orthogonal", options, OPTIONS);
  const gain = finiteNumber("orthogonal", "gain", options.gain ?? 1);
  return {
    name: "orthogonal",
    config: { gain },
    initialize(shape, generator) {
      if (shape.length < 2) {
        throw new AuricleError(
          "shape",
          `orthogonal: a weight must have at least two axes; got ${formatShape(shape)}; ` +
            "use another initializer",
        );
      }
      const columns = shape[shape.length - 1];
      const rows = sizeOf(shape.slice(0, -1));
      const values = new Float32Array(rows * columns);
      const vectors = orthonormalVectors(Math.min(rows, columns), Math.max(rows, columns), generator);
      const [vectorStride, elementStride] = rows >= columns ? [1, columns] : [columns, 1];
      vectors.forEach((vector, j) => {
        for (let i = 0; i < vector.length; i++)
          values[j * vectorStride + i * elementStride] = gain * vector[i];
      });
      return values;
    },
  };
}

/**
 * Q of the decomposition, column by column, by Gram and Schmidt (modified, in float64): the divisor is
 * R's diagonal, a norm and so positive, which is the sign that Keras sets after a Householder decomposition.
 */
function orthonormalVectors(count: number, length: number, generator: Generator): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => generator.normal());
    const drawn = Math.sqrt(dot(vector, vector));
    for (const other of vectors) {
      const projection = dot(vector, other);
      for (let i = 0; i < length; i++) vector[i] -= projection * other[i];
    }
    const left = Math.sqrt(dot(vector, vector));
    // Rounding errors of 1e-16 grow by drawn / left; a draw in the span of those before (or zero) is no use.
    if (left > 1e-6 * drawn) vectors.push(vector.map((value) => value / left));
  }
  return vectors;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
