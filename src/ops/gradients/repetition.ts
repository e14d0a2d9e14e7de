/** @file Gradients of repetition: the sum of the copies. */
import { reshape } from "../reshape.ts";
import type { RepetitionParameters } from "../repetition.ts";
import { sum } from "../sum.ts";
import type { OperationGradient } from "./operation-gradient.ts";

/** @param isInner whether the copies of an element lie side by side, or those of the whole tensor */
function sumOfCopies(isInner: boolean): OperationGradient<RepetitionParameters> {
  return (gradient, [input], { repeats }) => {
    const parts = input.shape.flatMap((length, axis) =>
      isInner ? [length, repeats[axis]] : [repeats[axis], length],
    );
    const copies = repeats.map((_, axis) => 2 * axis + Number(isInner));
    return [sum(reshape(gradient, parts), copies)];
  };
}

export const repeatGradient = sumOfCopies(true);
export const tileGradient = sumOfCopies(false);
