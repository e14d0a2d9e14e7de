/**
 * @file Convolutions that add each input pixel's products to all outputs that it reaches: src/kernels/convolution/scatter. They
 * serve mostly input gradients: those of few channels, and those of strided convolutions, where others would multiply zeros.
 */
import type { ConvolutionTask } from "../../graph/tasks.ts";
import { SCATTER } from "../../kernels/convolution/scatter/forward.ts";
import { alongColumns, scatterSupports } from "../../kernels/convolution/scatter/frame.ts";
import { packScatterWeights, scatterWords } from "../../kernels/convolution/scatter/weights.ts";
import { ELEMENTWISE } from "../../kernels/elementwise.ts";
import type { RunAxis } from "../../kernels/requests.ts";
import type { ConvolutionAlgorithm } from "./algorithm.ts";
import { fourAxes } from "./four-axes.ts";
import { scatterTime } from "./scatter-time.ts";

export const scatterAlongColumns = scatter("scatter", "columns");
export const scatterAlongRows = scatter("scatter rows", "rows");

/*@__NO_SIDE_EFFECTS__*/
function scatter(name: string, run: RunAxis): ConvolutionAlgorithm<ConvolutionTask> {
  return {
    name,
    supports: (geometry, machine) => scatterSupports(geometry, machine, run),
    time: (geometry, machine) => scatterTime(geometry, machine, run),
    vectorAxis: (geometry) => alongColumns(geometry, run).filterWidth * geometry.outputChannels,
    lower: (lowering, { geometry, view }) => {
      const { machine } = lowering;
      const [input, filter] = lowering.inputs;
      const packed = lowering.temporary(scatterWords(view, machine, run));
      for (const pack of packScatterWeights(view, machine, run)) {
        const reads = pack.operands.length > 0 ? [filter] : [];
        lowering.call({ kind: ELEMENTWISE, ...pack }, reads, [packed]);
      }
      const epilogue = fourAxes(lowering.epilogue);
      const reads = [input, packed, ...lowering.epilogueBuffers];
      lowering.call({ kind: SCATTER, geometry, epilogue, run }, reads, [lowering.output], true);
    },
  };
}
