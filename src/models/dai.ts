/**
 * @file Networks on the waveform itself: Dai, Dai, Qu, Li and Das 2016, "Very deep convolutional neural networks for raw
 * waveforms", arXiv:1610.00087. A first layer of filters of 80 samples every 4 samples, then filters of 3, with
 * batch normalisation and ReLU after each, max pooling by 4 between groups, and the mean over time.
 */
import type { SymbolicTensor } from "../nn/layer.ts";
import { batchNormalization, conv1d, dense, globalAveragePooling1d, reLU } from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { AUDIO_MODEL_OPTIONS, audioInput, chain, poolBy, type AudioModelOptions } from "./audio-blocks.ts";

interface Variant {
  readonly name: string;
  /** Filters of the first layer. */
  readonly first: number;
  /** For each group the filters of its layers. */
  readonly groups: readonly (readonly number[])[];
  /** Whether the last group is followed by a pooling, as the others. */
  readonly poolsAtEnd: boolean;
}

/** M3: 221,194 parameters for 10 classes. See {@link m5}. */
export function m3(options: AudioModelOptions = {}): Network {
  return build({ name: "m3", first: 256, groups: [[256]], poolsAtEnd: true }, options);
}

/**
 * M5: 559,114 parameters for 10 classes. Takes waveforms `[T, 1]` of any length from 4 samples; made for 32,000 at 8 kHz.
 * Batch normalisation's momentum is 0.9: audio data sets are small and an epoch is few steps.
 */
export function m5(options: AudioModelOptions = {}): Network {
  return build({ name: "m5", first: 128, groups: [[128], [256], [512]], poolsAtEnd: true }, options);
}

/** M11: 1,786,442 parameters for 10 classes. See {@link m5}. */
export function m11(options: AudioModelOptions = {}): Network {
  const groups = [repeat(64, 2), repeat(128, 2), repeat(256, 3), repeat(512, 2)];
  return build({ name: "m11", first: 64, groups, poolsAtEnd: false }, options);
}

/** M18: 3,683,786 parameters for 10 classes. See {@link m5}. */
export function m18(options: AudioModelOptions = {}): Network {
  const groups = [64, 128, 256, 512].map((filters) => repeat(filters, 4));
  return build({ name: "m18", first: 64, groups, poolsAtEnd: false }, options);
}

function repeat(filters: number, count: number): number[] {
  return new Array<number>(count).fill(filters);
}

function build({ name, first, groups, poolsAtEnd }: Variant, options: AudioModelOptions): Network {
  checkOptions(name, options, AUDIO_MODEL_OPTIONS);
  const { inputShape = [32000, 1], classes = 10, seed, normalization = "example" } = options;
  const { inputs, features } = audioInput(name, "waveform", inputShape, normalization);
  let tensor = poolBy(4, convolution(features, first, 80, 4));
  groups.forEach((group, i) => {
    tensor = group.reduce((before, filters) => convolution(before, filters, 3, 1), tensor);
    if (poolsAtEnd || i < groups.length - 1) tensor = poolBy(4, tensor);
  });
  const outputs = chain(tensor, [globalAveragePooling1d(), dense({ units: classes })]);
  return graphNetwork({ inputs, outputs }, { name, seed });
}

function convolution(
  tensor: SymbolicTensor,
  filters: number,
  kernelSize: number,
  strides: number,
): SymbolicTensor {
  return chain(tensor, [
    conv1d({ filters, kernelSize, strides, padding: "same" }),
    batchNormalization({ momentum: 0.9 }),
    reLU(),
  ]);
}
