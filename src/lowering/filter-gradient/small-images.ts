/** @file Filter gradients of small images, all images at once: src/kernels/convolution/small-images.ts. */
import type { FilterGradientTask } from "../../graph/tasks.ts";
import { SMALL_IMAGES_FILTER_GRADIENT, smallImagesSupport } from "../../kernels/convolution/small-images.ts";
import { tileRows } from "../../kernels/convolution/tile.ts";
import type { ConvolutionAlgorithm } from "../convolution/algorithm.ts";

/** With more pixels the direct kernel's blocks are large enough. */
const MOST_PIXELS = 196;

export const smallImages: ConvolutionAlgorithm<FilterGradientTask> = {
  name: "small images",
  supports: smallImagesSupport,
  // Images are small, and there are channels for whole tiles.
  isFastest: ({ batch, outputHeight, outputWidth, inputChannels, outputChannels }, machine) =>
    batch > 1 &&
    outputHeight * outputWidth <= MOST_PIXELS &&
    inputChannels >= tileRows(machine, 2) &&
    outputChannels >= machine.lanes,
  lower: ({ call, inputs, output }, { geometry }) =>
    call({ kind: SMALL_IMAGES_FILTER_GRADIENT, geometry }, inputs, [output], true),
};
