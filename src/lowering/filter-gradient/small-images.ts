/** @file Filter gradients of small images, all images at once: src/kernels/convolution/small-images.ts. */
import type { FilterGradientTask } from "../../graph/tasks.ts";
import { filterNumbers, planFilterGradient } from "../../kernels/convolution/filter-gradient-plan.ts";
import {
  insideShare,
  multiplyAddsOf,
  outputsOfGroup,
  type ConvolutionGeometry,
} from "../../kernels/convolution/geometry.ts";
import {
  SMALL_IMAGES_FILTER_GRADIENT,
  smallImagesSupport,
  smallImagesUnits,
} from "../../kernels/convolution/small-images.ts";
import type { ConvolutionAlgorithm } from "../convolution/algorithm.ts";

/** With fewer inputs tiles are small, and with more pixels the direct kernel's blocks are large enough. */
const FEWEST_INPUTS = 12;
const MOST_PIXELS = 400;
/** So few pixels are worth it with any number of inputs. */
const FEW_PIXELS = 32;
/** The direct kernel multiplies with the padding too. */
const LEAST_INSIDE = 0.7;
/** The direct kernel shares out filter numbers or images, this one outputs and cells; with less work one thread is enough. */
const FEWEST_UNITS = 4;
const MULTIPLY_ADDS_OF_ONE = 2e5;
const CACHED_WORDS = 1 << 17;

export const smallImages: ConvolutionAlgorithm<FilterGradientTask> = {
  name: "small images",
  supports: smallImagesSupport,
  // Measured on one thread with 83 (AVX-512) and 102 (AVX2) drawn shapes: 1.025 times the better one's time in the mean, where always the direct one has 1.30.
  isFastest: (geometry, machine) => {
    const pixels = geometry.outputHeight * geometry.outputWidth;
    const isShared = smallImagesUnits(geometry, machine) >= FEWEST_UNITS;
    if (!isShared && multiplyAddsOf(geometry) > MULTIPLY_ADDS_OF_ONE) return false;
    if (directWritesLongPieces(geometry) || isLargeProduct(geometry)) return false;
    return (
      pixels <= FEW_PIXELS ||
      (pixels <= MOST_PIXELS && geometry.inputChannels >= FEWEST_INPUTS) ||
      insideShare(geometry) < LEAST_INSIDE
    );
  },
  vectorAxis: outputsOfGroup,
  lower: ({ call, inputs, output }, { geometry }) =>
    call({ kind: SMALL_IMAGES_FILTER_GRADIENT, geometry }, inputs, [output], true),
};

/** A filter of one pixel has no padding, and each share of its numbers reads all of the output gradient again. */
const MOST_PRODUCT_PIXELS = 100;
const MOST_PRODUCT_WORDS = 1 << 16;

function isLargeProduct(geometry: ConvolutionGeometry): boolean {
  const { filterHeight, filterWidth, outputHeight, outputWidth, outputChannels } = geometry;
  const isProduct = filterHeight * filterWidth === 1;
  const isSmall =
    outputHeight * outputWidth <= MOST_PRODUCT_PIXELS &&
    filterNumbers(geometry) * outputChannels < MOST_PRODUCT_WORDS;
  return isProduct && !isSmall;
}

/** Whether the direct kernel shares out the numbers of a gradient that no second-level cache holds: it writes that in long pieces. */
function directWritesLongPieces(geometry: ConvolutionGeometry): boolean {
  const words = filterNumbers(geometry) * geometry.outputChannels;
  return planFilterGradient(geometry).tileShares > 1 && words > CACHED_WORDS;
}
