/** @file Models for tests of explanations. */
import {
  averagePooling2d,
  batchNormalization,
  concatenate,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  model,
  sequential,
  type Model,
} from "../../nn/index.ts";
import type { EngineOptions } from "../../nn/training/engine-options.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { testValues } from "../../testing/values.ts";
import type { ExplainedModel } from "../programs.ts";

/** Standard normal numbers. */
export function normal(shape: readonly number[], seed = 1): FloatArray {
  return { shape, data: Float32Array.from(testValues("normal", shape, seed).data) };
}

/** Gives all weights, running statistics too, numbers that are not those of an untrained network. */
export function withOddWeights<M extends ExplainedModel>(given: M, seed = 3): M {
  const { network } = given;
  const weights = [...network.getWeights()].map(([path, { shape }], i) => {
    const isVariance = /variance/i.test(path);
    const data = Float32Array.from(testValues("normal", shape, seed + i).data, (value) =>
      isVariance ? 0.5 + Math.abs(value) : 0.4 * value,
    );
    return [path, { shape, data }] as const;
  });
  network.setWeights(new Map(weights));
  return given;
}

/** Smooth, so that finite differences approximate its gradients; with batch normalisation behind a convolution with bias, and dropout. */
export function smoothClassifier(engine: EngineOptions = { threads: 1 }): Model {
  return withOddWeights(
    sequential(
      [
        conv2d({ filters: 3, kernelSize: 3, padding: "same", inputShape: [6, 5, 2] }),
        batchNormalization(),
        averagePooling2d({ poolSize: 2 }),
        conv2d({ filters: 4, kernelSize: 2, activation: "tanh" }),
        flatten(),
        dropout({ rate: 0.5 }),
        dense({ units: 3, activation: "softmax" }),
      ],
      { name: "smooth", ...engine },
    ),
  );
}

/** Two inputs, "left" `[3]` and "right" `[2]`, and two outputs, "kind" of 3 logits and "size", a number. */
export function branched() {
  const left = input({ shape: [3], name: "left" });
  const right = input({ shape: [2], name: "right" });
  const both = concatenate().apply([left, right]);
  const kind = dense({ units: 3, name: "kind_layer" }).apply(both);
  const size = dense({ units: 1, name: "size_layer" }).apply(right);
  return withOddWeights(model({ inputs: [left, right], outputs: { kind, size } }, { threads: 1 }));
}
