import { machineLowering } from "../graph/task-library.ts";
import { JOIN_MOMENTS, PARTIAL_MOMENTS, partialMomentsWords } from "../kernels/moments.ts";

/** Mean and variance are found together: the kernels give both. */
export const MOMENTS_TASK = machineLowering("moments", {
  fusion: ({ result }) => ({ family: { key: "moments", member: result } }),
  lower: ({ rows, channels }, { inputs, family, temporary, call }) => {
    const request = { rows, channels };
    const partial = temporary(partialMomentsWords(request));
    const resultOf = (one: string) => family.get(one) ?? temporary(channels);
    call({ kind: PARTIAL_MOMENTS, ...request }, inputs, [partial]);
    call({ kind: JOIN_MOMENTS, ...request }, [partial], [resultOf("mean"), resultOf("variance")]);
  },
});
