/** @file Asks for the kernels of convolutions with few outputs: see src/kernels/convolution/planar. */
import type { Lowering } from "../../graph/lowering.ts";
import { packPlanarWeights, planarWords } from "../../kernels/convolution/planar/weights.ts";
import { PLANAR_CONVOLUTION } from "../../kernels/convolution/planar/forward.ts";
import { ELEMENTWISE } from "../../kernels/elementwise.ts";
import type { ConvolutionRequest, FilterView } from "../../kernels/requests.ts";

/** @param request its epilogue's operands are those of `lowering.epilogueBuffers`, over four axes. */
export function lowerPlanarConvolution(
  lowering: Lowering,
  request: ConvolutionRequest,
  view: FilterView,
): void {
  const [input, filter] = lowering.inputs;
  const { machine } = lowering;
  const packed = lowering.temporary(planarWords(view));
  for (const pack of packPlanarWeights(view, machine)) {
    lowering.call({ kind: ELEMENTWISE, ...pack }, [filter], [packed]);
  }
  const reads = [input, packed, ...lowering.epilogueBuffers];
  lowering.call({ kind: PLANAR_CONVOLUTION, ...request }, reads, [lowering.output], true);
}
