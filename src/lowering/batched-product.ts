import { machineLowering } from "../graph/task-library.ts";
import { BATCHED_PRODUCT } from "../kernels/batched-product.ts";
import { packedWords, packFilterRequests } from "../kernels/convolution/pack.ts";
import { ELEMENTWISE } from "../kernels/elementwise.ts";
import type { FilterView } from "../kernels/requests.ts";

export const BATCHED_PRODUCT_TASK = machineLowering("batchedProduct", {
  lower: ({ transposeB, matrices, ...request }, { machine, inputs, output, temporary, call }) => {
    const { inner, columns } = request;
    const byInput = { input: columns, output: 1 };
    const view: FilterView = {
      groups: matrices,
      rows: 1,
      columns: 1,
      inputs: inner,
      outputs: columns,
      strides: {
        group: inner * columns,
        row: 0,
        column: 0,
        ...(transposeB ? { input: 1, output: inner } : byInput),
      },
      offset: 0,
    };
    const packed = temporary(packedWords(view, machine));
    for (const pack of packFilterRequests(view, machine)) {
      call({ kind: ELEMENTWISE, ...pack }, pack.operands.length > 0 ? [inputs[1]] : [], [packed]);
    }
    call({ ...request, kind: BATCHED_PRODUCT }, [inputs[0], packed], [output], true);
  },
});
