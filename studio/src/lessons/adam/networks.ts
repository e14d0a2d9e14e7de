/** @file The real network: one and the same start under each optimizer. */
import {
  averagePooling2d,
  conv2d,
  dense,
  flatten,
  maxPooling2d,
  sequential,
  type Model,
  type Optimizer,
} from "auricle";

/** Examples of one step. */
export const BATCH_SIZE = 32;

/** Two convolutions and a dense layer on digits at half their size, from the same weights for the same seed. */
export function networkOf(optimizer: Optimizer, seed: number): Model {
  const options = {
    kernelSize: 3,
    padding: "same",
    activation: "relu",
    kernelInitializer: "heNormal",
  } as const;
  const model = sequential(
    [
      averagePooling2d({ poolSize: 2, inputShape: [28, 28, 1] }),
      conv2d({ filters: 8, ...options }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, ...options }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 64, activation: "relu", kernelInitializer: "heNormal" }),
      dense({ units: 10 }),
    ],
    { seed, threads: 1 },
  );
  model.compile({ optimizer, loss: "softmaxCrossEntropy" });
  return model;
}
