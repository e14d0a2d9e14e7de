import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  globalAveragePooling2d,
  maxPooling2d,
  reLU,
} from "../nn/layers/index.ts";
import { sequentialNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { MODEL_OPTIONS, type ModelOptions } from "./options.ts";

/**
 * A small modern network for 28×28 images: 3×3 convolutions 32, 32, 64, 64, 128, each with batch normalisation and ReLU,
 * pooling after each pair, then the mean over the image. 140,458 trainable parameters for 10 classes. The convolutions
 * have no bias, since beta does its work, and He's initialisation, made for ReLU. The running statistics follow within
 * tens of steps (momentum 0.9), so that a short training can be evaluated.
 */
export function fashionCnn(options: ModelOptions = {}): Network {
  checkOptions("fashionCnn", options, MODEL_OPTIONS);
  const { inputShape = [28, 28, 1], classes = 10, seed } = options;
  const convolution = (filters: number, first: { inputShape?: readonly number[] } = {}) => [
    conv2d({
      filters,
      kernelSize: 3,
      padding: "same",
      useBias: false,
      kernelInitializer: "heNormal",
      ...first,
    }),
    batchNormalization({ momentum: 0.9 }),
    reLU(),
  ];
  return sequentialNetwork(
    [
      ...convolution(32, { inputShape }),
      ...convolution(32),
      maxPooling2d({ poolSize: 2 }),
      ...convolution(64),
      ...convolution(64),
      maxPooling2d({ poolSize: 2 }),
      ...convolution(128),
      globalAveragePooling2d(),
      dropout({ rate: 0.3 }),
      dense({ units: classes }),
    ],
    { name: "fashion-cnn", seed },
  );
}
