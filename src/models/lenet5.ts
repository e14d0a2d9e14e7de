import { averagePooling2d, conv2d, dense, flatten, type ActivationName } from "../nn/layers/index.ts";
import { sequentialNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { MODEL_OPTIONS, type ModelOptions } from "./options.ts";

export interface Lenet5Options extends ModelOptions {
  /** The activation of all convolutions and dense layers but the last. Default "tanh". */
  readonly activation?: ActivationName;
}

const OPTIONS: OptionNames<Lenet5Options> = { ...MODEL_OPTIONS, activation: true };

/**
 * LeNet-5 as it is written today: full connections instead of the table of 1998, plain mean pooling, logits instead of
 * radial basis functions. 61,706 parameters on 28×28×1. For the network of the paper see `lenet5Of1998`.
 */
export function lenet5(options: Lenet5Options = {}): Network {
  checkOptions("lenet5", options, OPTIONS);
  const { inputShape = [28, 28, 1], classes = 10, seed, activation = "tanh" } = options;
  return sequentialNetwork(
    [
      conv2d({ filters: 6, kernelSize: 5, padding: "same", activation, inputShape }),
      averagePooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, kernelSize: 5, activation }),
      averagePooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 120, activation }),
      dense({ units: 84, activation }),
      dense({ units: classes }),
    ],
    { name: "lenet5", seed },
  );
}
