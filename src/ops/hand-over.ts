/**
 * @file Numbers that a program hands over to whoever runs it, who may put others in their place: the points at which several processes
 * exchange what they compute in the middle of a step.
 */
import { defineOperation } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sizeOf } from "../tensor/shape.ts";
import { split } from "./slice-and-pad.ts";

const handOverPrimitive = defineOperation<{ readonly purpose: string }>({
  name: "handOver",
  shape: (inputs) => [inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)],
  structure: (inputs, { purpose }) => ({
    kind: "assembled",
    offsets: inputs.map((_, i) => inputs.slice(0, i).reduce((sum, { shape }) => sum + sizeOf(shape), 0)),
    fill: undefined,
    handOver: purpose,
  }),
  reference: (arrays) => Float64Array.from(arrays.flatMap(({ data }) => [...data])),
});

/**
 * The same vectors, or what was written in their place between the parts of a `PausingProgram`. It has no gradient: who uses it gives one.
 * @param vectors `[C]` each
 * @param purpose tells their receiver what they are
 */
export function handOver(vectors: readonly Tensor[], purpose: string): Tensor[] {
  const lengths = vectors.map(({ shape }) => sizeOf(shape));
  return split(handOverPrimitive(vectors, { purpose }), lengths, 0);
}
