/** @file Where the largest or smallest elements along an axis are. */
import { indexTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { AuricleError } from "../errors.ts";
import { normalizeAxis } from "../tensor/shape.ts";
import { equal } from "./arithmetic.ts";
import { toFloat, toInt } from "./cast.ts";
import { max, min } from "./reduce.ts";
import { where } from "./select.ts";

/** Whole numbers up to this are exact in float32. */
const LARGEST_LENGTH = 2 ** 24;

function firstIndex(name: string, extremum: typeof max, x: Tensor, axis: number): Tensor {
  const along = normalizeAxis(axis, x.shape.length, name);
  const length = x.shape[along];
  if (length > LARGEST_LENGTH) {
    throw new AuricleError("shape", `${name}: the axis must have at most 2^24 elements; got ${length}`);
  }
  const numbers = toFloat(indexTensor(x.shape, x.shape.map((_, i) => (i === along ? 1 : 0)))); // prettier-ignore
  // A NaN equals nothing; where there is one it is the extremum.
  const isNumber = equal(x, x);
  const others = where(isNumber, length, numbers);
  return toInt(min(where(equal(x, extremum(x, along, true)), numbers, others), along));
}

/**
 * The place of the largest element along an axis, int32 without that axis: the first of several, and the first NaN if there is
 * one, as in NumPy. No gradient.
 * @param axis default: the last
 * @throws AuricleError "argument" when the axis is out of range, "shape" when it is empty.
 */
export function argMax(x: Tensor, axis = -1): Tensor {
  return firstIndex("argMax", max, x, axis);
}

/** The place of the smallest element along an axis, as {@link argMax}. */
export function argMin(x: Tensor, axis = -1): Tensor {
  return firstIndex("argMin", min, x, axis);
}
