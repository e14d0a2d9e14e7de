/** @file Gradients of the operations in ../strided-slice.ts. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Shape } from "../../tensor/shape.ts";
import { pad } from "../pad.ts";
import { reshape } from "../reshape.ts";
import { reverse } from "../reverse.ts";
import { slice } from "../slice-and-pad.ts";
import type { StridedSliceParameters } from "../strided-slice.ts";
import type { OperationGradient } from "./operation-gradient.ts";

/** The elements of a slice where they were in a tensor of zeros. */
function putBack(part: Tensor, shape: Shape, { begin, steps, size }: StridedSliceParameters): Tensor {
  const backwards = steps.flatMap((step, axis) => (step < 0 ? [axis] : []));
  const forwards = backwards.length > 0 ? reverse(part, backwards) : part;
  const first = begin.map((from, axis) => (steps[axis] < 0 ? from + (size[axis] - 1) * steps[axis] : from));
  const gaps = steps.map((step) => Math.abs(step) - 1);
  // Zeros behind each element of an axis of its own; those behind the last one may lie outside.
  const apart = gaps.some((gap) => gap > 0)
    ? reshape(
        pad(
          reshape(
            forwards,
            size.flatMap((length) => [length, 1]),
          ),
          gaps.flatMap((gap): [number, number][] => [
            [0, 0],
            [0, gap],
          ]),
        ),
        size.map((length, axis) => length * (gaps[axis] + 1)),
      )
    : forwards;
  const inside = shape.map((length, axis) => Math.min(apart.shape[axis], length - first[axis]));
  const cut = slice(
    apart,
    first.map(() => 0),
    inside,
  );
  return pad(
    cut,
    shape.map((length, axis) => [first[axis], length - first[axis] - inside[axis]]),
  );
}

export const stridedSliceGradient: OperationGradient<StridedSliceParameters> = (
  outputGradient,
  [input],
  parameters,
) => [putBack(outputGradient, input.shape, parameters)];
