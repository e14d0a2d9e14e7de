/** @file Convolutions with few outputs, whose lanes are positions: src/kernels/convolution/planar. */
import type { ConvolutionTask } from "../../graph/tasks.ts";
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { PLANAR_CONVOLUTION } from "../../kernels/convolution/planar/forward.ts";
import { planarSupports } from "../../kernels/convolution/planar/supports.ts";
import { positionTime } from "../../kernels/convolution/planar/tiling.ts";
import { packPlanarWeights, planarWords } from "../../kernels/convolution/planar/weights.ts";
import { ELEMENTWISE } from "../../kernels/elementwise.ts";
import type { MachineTraits } from "../../machine/ir.ts";
import type { ConvolutionAlgorithm } from "./algorithm.ts";
import { fourAxes } from "./four-axes.ts";
import { planarTime } from "./planar-time.ts";

export const planar: ConvolutionAlgorithm<ConvolutionTask> = {
  name: "planar",
  supports: planarSupports,
  time: imageTime,
  lower: (lowering, { geometry, view }) => {
    const { machine } = lowering;
    const [input, filter] = lowering.inputs;
    const packed = lowering.temporary(planarWords(view));
    for (const pack of packPlanarWeights(view, machine)) {
      lowering.call({ kind: ELEMENTWISE, ...pack }, [filter], [packed]);
    }
    const epilogue = fourAxes(lowering.epilogue);
    const reads = [input, packed, ...lowering.epilogueBuffers];
    lowering.call({ kind: PLANAR_CONVOLUTION, geometry, epilogue }, reads, [lowering.output], true);
  },
};

function imageTime(geometry: ConvolutionGeometry, machine: MachineTraits): number {
  const { filterHeight, filterWidth, inputChannels } = geometry;
  const { outputHeight, outputWidth, outputChannels } = geometry;
  const products = filterHeight * filterWidth * inputChannels * positionTime(outputChannels, machine);
  return (planarTime(products, geometry, machine) * outputHeight * outputWidth) / machine.lanes;
}
