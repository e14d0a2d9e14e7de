/** @file Filter gradients of small images, all images at once: src/kernels/convolution/small-images.ts. */
import type { FilterGradientTask } from "../../graph/tasks.ts";
import { insideShare } from "../../kernels/convolution/geometry.ts";
import { SMALL_IMAGES_FILTER_GRADIENT, smallImagesSupport } from "../../kernels/convolution/small-images.ts";
import type { ConvolutionAlgorithm } from "../convolution/algorithm.ts";

/** With fewer inputs tiles are small, and with more pixels the direct kernel's blocks are large enough. */
const FEWEST_INPUTS = 12;
const MOST_PIXELS = 400;
/** So few pixels are worth it with any number of inputs. */
const FEW_PIXELS = 32;
/** The direct kernel multiplies with the padding too. */
const LEAST_INSIDE = 0.7;

export const smallImages: ConvolutionAlgorithm<FilterGradientTask> = {
  name: "small images",
  supports: smallImagesSupport,
  // Measured with 83 (AVX-512) and 102 (AVX2) drawn shapes: 1.025 times the better one's time in the mean, where always the direct one has 1.30.
  isFastest: (geometry) => {
    const pixels = geometry.outputHeight * geometry.outputWidth;
    return (
      pixels <= FEW_PIXELS ||
      (pixels <= MOST_PIXELS && geometry.inputChannels >= FEWEST_INPUTS) ||
      insideShare(geometry) < LEAST_INSIDE
    );
  },
  lower: ({ call, inputs, output }, { geometry }) =>
    call({ kind: SMALL_IMAGES_FILTER_GRADIENT, geometry }, inputs, [output], true),
};
