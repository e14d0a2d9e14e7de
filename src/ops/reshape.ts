import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";

export const reshapePrimitive = defineOperation<{ readonly shape: Shape }>({
  name: "reshape",
  shape: ([input], { shape }) => {
    if (sizeOf(shape) !== sizeOf(input.shape)) {
      throw new AuricleError(
        "shape",
        `reshape: the number of elements must stay ${sizeOf(input.shape)}; got ${formatShape(input.shape)} to ${formatShape(shape)}`,
      );
    }
    return shape;
  },
  dtype: ([input]) => input.dtype,
  structure: () => ({ kind: "view" }),
  reference: ([array]) => array.data.slice(),
});

export const reshapeCases: Cases<{ readonly shape: Shape }> = () => [
  { shapes: [[2, 3, 4]], parameters: { shape: [6, 4] } },
  { shapes: [[1, 5]], parameters: { shape: [5] } },
];

/** The same elements in the same order under another shape; one axis may be -1 and is computed. No copy. */
export function reshape(tensor: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const full = shape.map((length) => (length === -1 ? sizeOf(tensor.shape) / known : length));
  return sameShape(full, tensor.shape) ? tensor : reshapePrimitive([tensor], { shape: full });
}

/** Joins all axes but the first: `[N, …]` to `[N, D]`. */
export function flatten(tensor: Tensor): Tensor {
  return reshape(tensor, [tensor.shape[0], sizeOf(tensor.shape.slice(1))]);
}
