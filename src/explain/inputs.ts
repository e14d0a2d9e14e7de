/** @file Inputs of a model, and numbers for each of their elements in the same form. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { checkFinite } from "../nn/training/check-examples.ts";
import { indexRange } from "../nn/training/evaluate.ts";
import { inputArrays, type ModelInputs } from "../nn/training/example-source.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";

/** One float array for each array of x, of its shape: alone, as a list, or by the inputs' names, as x is given. */
export type InFormOf<X extends ModelInputs> = X extends NumericArray
  ? FloatArray
  : { readonly [Name in keyof X]: FloatArray };

/** The examples to explain. */
export interface GivenInputs<X extends ModelInputs> {
  /** `[N, …]` for each input of the network, in its order. */
  readonly arrays: readonly NumericArray[];
  /** The number of examples. */
  readonly length: number;
  /** Returns results for each input in the form of x. */
  inForm(results: readonly FloatArray[]): InFormOf<X>;
}

/**
 * @throws AuricleError "shape" when x does not fit, "argument" for inputs that the network does not have, "data" for no example
 *   and naming the example with a NaN or an infinity
 */
export function givenInputs<X extends ModelInputs>(network: InferenceNetwork, x: X): GivenInputs<X> {
  const arrays = inputArrays(network, x);
  const [length] = arrays[0].shape;
  if (length === 0) {
    throw new AuricleError("data", `${network.name}: x must have at least one example to explain; got none`);
  }
  for (const { data } of arrays) {
    if (data instanceof Float32Array) checkFinite("x", "input", indexRange(0, length), data);
  }
  const inForm = (results: readonly FloatArray[]) => {
    if (Array.isArray(x)) return results;
    if (Array.isArray((x as NumericArray).shape)) return results[0];
    return Object.fromEntries(network.inputNames.map((name, i) => [name, results[i]]));
  };
  return { arrays, length, inForm: (results) => inForm(results) as InFormOf<X> };
}

/** Zeros in the shape of each array. */
export function zerosLike(arrays: readonly NumericArray[]): FloatArray[] {
  return arrays.map(({ shape }) => ({ shape, data: new Float32Array(sizeOf(shape)) }));
}

/** The numbers of one example, as a view. */
export function exampleOf<A extends Float32Array | Int32Array>(
  { shape, data }: { readonly shape: readonly number[]; readonly data: A },
  example: number,
): A {
  const size = sizeOf(shape.slice(1));
  return data.subarray(example * size, (example + 1) * size) as A;
}
