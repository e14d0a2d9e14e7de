/** @file How much work Winograd's algorithm saves, for convolutions and filter gradients. */
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { ROW_STEP, tileGrid } from "../../kernels/convolution/winograd/geometry.ts";
import { POINTS } from "../../kernels/convolution/winograd/transforms.ts";

/** Fewer channels leave lanes empty, and the transforms take longer than the products. */
const FEWEST_CHANNELS = 8;
/** The filters' transform takes as long as the products of several tiles. */
const FEWEST_TILES = 24;
/** The transforms' time for a channel of the input (output), as a share of its products with one output (input). */
const INPUT_TRANSFORM = 7;
const OUTPUT_TRANSFORM = 4;
/** The estimate is of an average target: a time that is so much shorter is believed. */
const LEAST_GAIN = 1.25;

/** Whether there are some channels and tiles, and so many products are saved that the transforms are worth it. */
export function savesTime(geometry: ConvolutionGeometry): boolean {
  const { inputChannels, outputChannels } = geometry;
  const overhead = INPUT_TRANSFORM / outputChannels + OUTPUT_TRANSFORM / inputChannels;
  return (
    Math.min(inputChannels, outputChannels) >= FEWEST_CHANNELS &&
    tileGrid(geometry).count >= FEWEST_TILES &&
    savedProducts(geometry) >= LEAST_GAIN * (1 + overhead)
  );
}

/** How many times as many products the direct algorithm has. */
export function savedProducts(geometry: ConvolutionGeometry): number {
  const { filterHeight, filterWidth } = geometry;
  const { tileOutputs } = tileGrid(geometry);
  return (filterHeight * filterWidth * tileOutputs ** 2) / POINTS / wasteOf(geometry);
}

/** Computed outputs per output: tiles reach beyond the edge, and there are whole multiply-add tiles of them. */
export function wasteOf(geometry: ConvolutionGeometry): number {
  const { batch, outputHeight, outputWidth } = geometry;
  const { count, tileOutputs } = tileGrid(geometry);
  return (Math.ceil(count / ROW_STEP) * ROW_STEP * tileOutputs ** 2) / (batch * outputHeight * outputWidth);
}
