import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape } from "../tensor/shape.ts";
import { multiply } from "./arithmetic.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice-and-pad.ts";
import { normalizeAxes } from "./sum.ts";

function part(x: Tensor, axis: number, from: number, count: number): Tensor {
  return slice(
    x,
    x.shape.map((_, i) => (i === axis ? from : 0)),
    x.shape.map((length, i) => (i === axis ? count : length)),
  );
}

/** One half of an axis times the other until one element is left: the gradient of each is the product of all others. */
function productAlong(x: Tensor, axis: number): Tensor {
  const length = x.shape[axis];
  if (length === 1) return x;
  const half = Math.floor(length / 2);
  const halves = productAlong(multiply(part(x, axis, 0, half), part(x, axis, half, half)), axis);
  return length % 2 === 0 ? halves : multiply(halves, part(x, axis, length - 1, 1));
}

/**
 * Π over the axes (default: all). The gradient for an element is the product of all others, also where some are 0. Rounding
 * errors grow with the logarithm of the number of elements.
 * @throws AuricleError "shape" when an axis that is multiplied over is empty.
 */
export function product(x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  const list = normalizeAxes(x, axes, "product");
  if (list.some((axis) => x.shape[axis] === 0)) {
    throw new AuricleError("shape", `product: reduced axes must not be empty; got ${formatShape(x.shape)}`);
  }
  const full = list.reduce(productAlong, x);
  return keepDims ? full : reshape(full, full.shape.filter((_, axis) => !list.includes(axis))); // prettier-ignore
}
