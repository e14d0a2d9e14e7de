/** @file The algorithms for filter gradients of convolutions, and for products of a transposed matrix. */
import type { Lowering } from "../../graph/lowering.ts";
import { machineLowering } from "../../graph/task-library.ts";
import type { FilterGradientTask } from "../../graph/tasks.ts";
import { exchanged, isOneColumn } from "../../kernels/convolution/geometry.ts";
import { inputWords, lowerByOne, outputWords, type AlgorithmList } from "../convolution/algorithm.ts";
import { direct } from "./direct.ts";
import { planar } from "./planar.ts";
import { smallImages } from "./small-images.ts";
import { winograd } from "./winograd.ts";

const ALGORITHMS: AlgorithmList<FilterGradientTask> = {
  name: "filter gradient",
  algorithms: [winograd, smallImages, planar, direct],
  words: ({ geometry }) => {
    const { filterHeight, filterWidth, inputChannels, outputChannels, groups } = geometry;
    const output = (filterHeight * filterWidth * inputChannels * outputChannels) / groups;
    return { inputs: [inputWords(geometry), outputWords(geometry)], output };
  },
};

export const FILTER_GRADIENT_TASK = machineLowering("filterGradient", {
  lower: ({ geometry }, lowering) => lowerFilterGradient(lowering, { geometry }),
});

function lowerFilterGradient(lowering: Lowering, task: FilterGradientTask): void {
  const { geometry } = task;
  if (isOneColumn(geometry)) lowerFilterGradient(lowering, { geometry: exchanged(geometry) });
  else lowerByOne(lowering, task, ALGORITHMS);
}
