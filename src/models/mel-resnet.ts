import type { Layer, SymbolicTensor } from "../nn/layer.ts";
import { add, batchNormalization, conv2d, reLU } from "../nn/layers/index.ts";
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
 * A small residual network on mel spectrograms in decibels, `[T, F, 1]`: a 3×3 convolution to 32 channels, then residual
 * blocks (He et al. 2015, arXiv:1512.03385) with 32, 64, 128 and 128, max pooling by 2 between them; then mean and
 * maximum over time and frequency. 604,778 parameters for 10 classes. Takes windows of any length.
 *
 * The last gamma of each block begins at 0, so that every block begins as the identity (Goyal et al. 2017,
 * arXiv:1706.02677, section 5.1).
 */
export function melResNet(options: AudioModelOptions = {}): Network {
  checkOptions("melResNet", options, AUDIO_MODEL_OPTIONS);
  const { inputShape = [129, 128, 1], classes = 10, seed, normalization = "example", pooling } = options;
  const { inputs, features } = audioInput("mel-resnet", "spectrogram", inputShape, normalization);
  const stem = chain(features, [...convolution(32, 3), reLU()]);
  const last = [32, 64, 128, 128].reduce(
    (tensor, filters) => residualBlock(poolBy(2, tensor), filters),
    stem,
  );
  const outputs = pooledHead(last, classes, pooling);
  return graphNetwork({ inputs, outputs }, { name: "mel-resnet", seed });
}

/** ReLU(x + f(x)); where the number of channels changes, x goes through a 1×1 convolution. */
function residualBlock(tensor: SymbolicTensor, filters: number): SymbolicTensor {
  const inner = chain(tensor, [...convolution(filters, 3), reLU(), ...convolution(filters, 3, "zeros")]);
  const shortcut = tensor.shape.at(-1) === filters ? tensor : chain(tensor, convolution(filters, 1));
  return reLU().apply(add().apply([shortcut, inner]));
}

function convolution(
  filters: number,
  kernelSize: number,
  gammaInitializer: "ones" | "zeros" = "ones",
): Layer[] {
  return [
    conv2d({ filters, kernelSize, padding: "same", useBias: false, kernelInitializer: "heNormal" }),
    batchNormalization({ momentum: 0.9, gammaInitializer }),
  ];
}
