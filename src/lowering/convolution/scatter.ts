/**
 * @file Convolutions that add each input pixel's products to all outputs that it reaches: src/kernels/convolution/scatter. They
 * serve mostly input gradients: those of few channels, and those of strided convolutions, where others would multiply zeros.
 */
import type { ConvolutionTask } from "../../graph/tasks.ts";
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { SCATTER } from "../../kernels/convolution/scatter/forward.ts";
import {
  alongColumns,
  frameOf,
  runVectors,
  scatterSupports,
} from "../../kernels/convolution/scatter/frame.ts";
import { packScatterWeights, scatterWords } from "../../kernels/convolution/scatter/weights.ts";
import { TILE_VECTORS, tileRows } from "../../kernels/convolution/tile.ts";
import { ELEMENTWISE } from "../../kernels/elementwise.ts";
import type { RunAxis } from "../../kernels/requests.ts";
import type { MachineTraits } from "../../machine/ir.ts";
import type { ConvolutionAlgorithm } from "./algorithm.ts";
import { fourAxes } from "./four-axes.ts";

export const scatterAlongColumns = scatter("scatter", "columns");
export const scatterAlongRows = scatter("scatter rows", "rows");

/*@__NO_SIDE_EFFECTS__*/
function scatter(name: string, run: RunAxis): ConvolutionAlgorithm<ConvolutionTask> {
  return {
    name,
    supports: (geometry, machine) => scatterSupports(geometry, machine, run),
    time: (geometry, machine) => scatterTime(geometry, machine, run),
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

/** The cost, in multiply-add instructions, of adding a vector to the sums and finally storing it. */
const ADD_TIME = 5;
/** The ratio of the time that parts of an image take to that of a whole one: their tiles are smaller. */
const PARTS_TIME = 1.25;

function scatterTime(geometry: ConvolutionGeometry, machine: MachineTraits, run: RunAxis): number {
  const sizes = alongColumns(geometry, run);
  const { inputHeight, inputWidth, inputChannels, filterHeight, filterWidth, outputChannels } = sizes;
  const vectors = runVectors(filterWidth, outputChannels, machine);
  const rows = Math.min(inputHeight, tileRows(machine, Math.min(vectors, TILE_VECTORS)));
  const broadcast = machine.lanes >= 16 ? 0.5 : 1;
  // Of a step of a full tile: its multiply-adds or its loads, but at least as long as one multiply-add takes.
  const step = Math.max(rows * TILE_VECTORS, broadcast * rows + TILE_VECTORS, 8) / (rows * TILE_VECTORS);
  const time = inputHeight * inputWidth * filterHeight * vectors * (inputChannels * step + ADD_TIME);
  return frameOf(sizes, machine).parts > 1 ? PARTS_TIME * time : time;
}
