import { conv2d, dense, flatten, maxPooling2d } from "../nn/layers/index.ts";
import { sequentialNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import type { ModelOptions } from "./options.ts";

/**
 * A first network on spectrograms of 120 frames and 129 frequencies: one convolution, one pooling, and a dense layer that
 * has nearly all of the 156,114 parameters. A course's starting point, meant to be improved.
 */
export function notebook(options: ModelOptions = {}): Network {
  const { inputShape = [120, 129, 1], classes = 10, seed } = options;
  return sequentialNetwork(
    [
      conv2d({ filters: 4, kernelSize: 5, padding: "same", activation: "relu", inputShape }),
      maxPooling2d({ poolSize: 2, strides: 2, padding: "same" }),
      flatten(),
      dense({ units: classes }),
    ],
    { name: "notebook", seed, axisNames: ["time", "frequency", "channel"] },
  );
}
