/** @file The algorithms for convolutions, which compute input gradients and matrix products too. */
import { algorithmsOfPairs } from "#here/lowering/convolution/pairs";
import type { Lowering } from "../../graph/lowering.ts";
import { machineLowering } from "../../graph/task-library.ts";
import type { ConvolutionTask } from "../../graph/tasks.ts";
import { exchanged, isOneColumn } from "../../kernels/convolution/geometry.ts";
import { exchangedView } from "../../kernels/convolution/pack.ts";
import type { Epilogue } from "../../kernels/epilogue.ts";
import { inputWords, lowerByOne, outputWords, type AlgorithmList } from "./algorithm.ts";
import { direct } from "./direct.ts";
import { fewRows } from "./few-rows.ts";
import { planar } from "./planar.ts";
import { phases } from "./phases.ts";
import { scatterAlongColumns, scatterAlongRows } from "./scatter.ts";
import { winograd } from "./winograd.ts";

const FLOATS: AlgorithmList<ConvolutionTask> = {
  name: "convolution",
  algorithms: [winograd, fewRows, phases, scatterAlongRows, scatterAlongColumns, planar, direct],
  words,
};

export const CONVOLUTION_TASK = machineLowering("convolution", {
  fusion: () => ({ fusesEpilogue: true }),
  lower: ({ geometry, view }, lowering) => lowerConvolution(lowering, { geometry, view }),
});

function lowerConvolution(lowering: Lowering, task: ConvolutionTask): void {
  const { geometry, view } = task;
  if (isOneColumn(geometry)) {
    const epilogue = exchangedEpilogue(lowering.epilogue);
    const turned = { geometry: exchanged(geometry), view: exchangedView(view) };
    lowerConvolution({ ...lowering, epilogue }, turned);
    return;
  }
  const pairs = lowering.precision === "bfloat16" ? algorithmsOfPairs(geometry) : undefined;
  lowerByOne(lowering, task, pairs ? { name: "convolution of pairs", algorithms: pairs, words } : FLOATS);
}

/** An epilogue over [batch, row, column, channel] where rows are columns. */
function exchangedEpilogue(epilogue: Epilogue | undefined): Epilogue | undefined {
  return (
    epilogue && {
      ...epilogue,
      operands: epilogue.operands.map((operand) => {
        const [batch, row, column, channel] = operand.strides;
        return { ...operand, strides: [batch, column, row, channel] };
      }),
    }
  );
}

function words({ geometry, view }: ConvolutionTask) {
  const { groups, rows, columns, inputs, outputs } = view;
  return {
    inputs: [inputWords(geometry), groups * rows * columns * inputs * outputs],
    output: outputWords(geometry),
  };
}
