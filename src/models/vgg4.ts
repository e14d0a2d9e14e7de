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
 * Four blocks of 3×3 convolution, batch normalisation, ReLU and max pooling, then the mean over time and frequency: a
 * sound default for log-mel spectrograms, of any number of frames. 242,250 parameters for 10 classes. Batch
 * normalisation's momentum is 0.9: data sets of music are small and an epoch is few steps.
 */
export function vgg4(options: ModelOptions = {}): Network {
  checkOptions("vgg4", options, MODEL_OPTIONS);
  const { inputShape = [128, 128, 1], classes = 10, seed } = options;
  const blocks = [32, 64, 128, 128].flatMap((filters, i) => [
    conv2d({ filters, kernelSize: 3, padding: "same", ...(i === 0 ? { inputShape } : {}) }),
    batchNormalization({ momentum: 0.9 }),
    reLU(),
    maxPooling2d({ poolSize: 2 }),
  ]);
  return sequentialNetwork(
    [...blocks, globalAveragePooling2d(), dropout({ rate: 0.3 }), dense({ units: classes })],
    { name: "vgg4", seed, axisNames: ["time", "frequency", "channel"] },
  );
}
