import type { Prologue } from "../graph/lowering.ts";
import { machineLowering } from "../graph/task-library.ts";
import { POOLING } from "../kernels/pooling/forward.ts";
import { visitsPixels } from "../kernels/pooling/walk.ts";
import { dataKey } from "../kernels/request-key.ts";
import type { PoolingPrologue, PoolingResult } from "../kernels/requests.ts";

/** Results of one pass over the input, in the order in which kernels give them. */
const RESULTS: readonly PoolingResult[] = ["mean", "max", "winner"];

/** The maxima of windows and where they are belong together; each of the results is an operation. */
export const POOLING_TASK = machineLowering("pooling", {
  supports: ({ geometry, result }) => result !== "winner" || visitsPixels(geometry),
  fusion: ({ geometry, result }) => ({
    fusesPrologue: visitsPixels(geometry),
    family: { key: `${result === "mean" ? "mean" : "max"} ${dataKey(geometry)}`, member: result },
  }),
  lower: ({ geometry }, { inputs, prologue, family, call }) => {
    const results = RESULTS.filter((one) => family.has(one));
    const reader = prologue ? poolingPrologue(prologue) : WHOLE_TENSOR;
    call(
      { kind: POOLING, geometry, results, prologue: reader },
      prologue?.buffers ?? inputs,
      results.flatMap((one) => family.get(one) ?? []),
    );
  },
});

const WHOLE_TENSOR: PoolingPrologue = { expression: { kind: "operand", index: 0 }, operands: ["tensor"] };

/** A prologue's operands have the input's shape, are vectors over its channels, or numbers: src/graph/prologues.ts. */
function poolingPrologue({ expression, operands }: Prologue): PoolingPrologue {
  return {
    expression,
    operands: operands.map(({ strides }) => {
      if (strides.slice(0, -1).some((stride) => stride !== 0)) return "tensor";
      return strides.at(-1) === 0 ? "number" : "vector";
    }),
  };
}
