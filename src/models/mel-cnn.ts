import type { SymbolicTensor } from "../nn/layer.ts";
import { batchNormalization, conv2d, reLU } from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import {
  AUDIO_MODEL_OPTIONS,
  audioInput,
  chain,
  poolBy,
  pooledHead,
  type AudioModelOptions,
} from "./audio-blocks.ts";

/**
 * A VGG-like network on mel spectrograms in decibels, `[T, F, 1]`: four blocks of 3×3 convolution, batch normalisation,
 * ReLU and max pooling by 2, with 32, 64, 128 and 128 filters; then mean and maximum over time and frequency. 243,178
 * parameters for 10 classes. Takes windows of any length.
 *
 * The convolutions have no bias, since beta does its work, and He's initialisation, made for ReLU. Batch normalisation's
 * momentum is 0.9: audio data sets are small and an epoch is few steps.
 */
export function melCnn(options: AudioModelOptions = {}): Network {
  checkOptions("melCnn", options, AUDIO_MODEL_OPTIONS);
  const { inputShape = [129, 128, 1], classes = 10, seed, normalization = "example", pooling } = options;
  const { inputs, features } = audioInput("mel-cnn", "spectrogram", inputShape, normalization);
  const last = [32, 64, 128, 128].reduce(block, features);
  const outputs = pooledHead(last, classes, pooling);
  return graphNetwork({ inputs, outputs }, { name: "mel-cnn", seed });
}

function block(tensor: SymbolicTensor, filters: number): SymbolicTensor {
  const convolved = chain(tensor, [
    conv2d({ filters, kernelSize: 3, padding: "same", useBias: false, kernelInitializer: "heNormal" }),
    batchNormalization({ momentum: 0.9 }),
    reLU(),
  ]);
  return poolBy(2, convolved);
}
