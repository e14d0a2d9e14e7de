/** @file The VGG-like network that musicnn's package has beside musicnn (its models.py, `vgg`). Browser-safe. */

import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  maxPooling2d,
  reLU,
  type Layer,
  type Network,
  type SymbolicTensor,
} from "../../nn/index.ts";
import { graphNetwork } from "../../nn/network-builders.ts";

const FILTERS = 128;

/** Sizes and strides of the pooling of each block: the first window is one band high and moves by two. */
const POOLINGS: readonly { readonly poolSize: readonly [number, number]; readonly strides: number }[] = [
  { poolSize: [4, 1], strides: 2 },
  { poolSize: [2, 2], strides: 2 },
  { poolSize: [2, 2], strides: 2 },
  { poolSize: [2, 2], strides: 2 },
  { poolSize: [4, 4], strides: 4 },
];

/**
 * Five blocks of 3×3 convolution, ReLU, batch normalisation and max pooling on 187 frames of 96 mel bands, and a dense layer.
 * @param classes the number of outputs, which are logits
 */
export function musicnnVgg(classes: number): Network {
  const inputs = input({ shape: [187, 96, 1], axisNames: ["time", "frequency", "channel"] });
  const blocks = POOLINGS.flatMap(({ poolSize, strides }, block): Layer[] => [
    conv2d({ filters: FILTERS, kernelSize: 3, padding: "same" }),
    reLU(),
    batchNormalization(),
    maxPooling2d({ poolSize, strides }),
    ...(block < POOLINGS.length - 1 ? [dropout({ rate: 0.25 })] : []),
  ]);
  const layers = [
    batchNormalization(),
    ...blocks,
    flatten(),
    dropout({ rate: 0.5 }),
    dense({ units: classes }),
  ];
  const outputs = layers.reduce((tensor: SymbolicTensor, layer) => layer.apply(tensor), inputs);
  return graphNetwork({ inputs, outputs }, { name: "vgg" });
}
