import {
  batchNormalization,
  conv1d,
  dense,
  globalAveragePooling1d,
  maxPooling1d,
  reLU,
} from "../nn/layers/index.ts";
import { sequentialNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { MODEL_OPTIONS, type ModelOptions } from "./options.ts";

/**
 * On the waveform itself: a first layer of 32 filters of 80 samples, every 4 samples, then two of 3, with pooling by 4
 * after each; after M3 and M5 of Dai et al. 2016 (arXiv:1610.00087). 35,242 parameters for 10 classes on one second at
 * 16 kHz. Batch normalisation's momentum is 0.9, as in PyTorch, where these networks come from.
 */
export function wave1d(options: ModelOptions = {}): Network {
  checkOptions("wave1d", options, MODEL_OPTIONS);
  const { inputShape = [16000, 1], classes = 10, seed } = options;
  const block = [() => batchNormalization({ momentum: 0.9 }), reLU, () => maxPooling1d({ poolSize: 4 })];
  return sequentialNetwork(
    [
      conv1d({ filters: 32, kernelSize: 80, strides: 4, padding: "same", inputShape }),
      ...block.map((make) => make()),
      conv1d({ filters: 64, kernelSize: 3, padding: "same" }),
      ...block.map((make) => make()),
      conv1d({ filters: 128, kernelSize: 3, padding: "same" }),
      ...block.map((make) => make()),
      globalAveragePooling1d(),
      dense({ units: classes }),
    ],
    { name: "wave1d", seed, axisNames: ["time", "channel"] },
  );
}
