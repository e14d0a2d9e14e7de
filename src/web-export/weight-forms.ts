/** @file In which form each weight of a network is kept. Browser-safe. */
import type { InferenceNetwork } from "../nn/inference-network.ts";
import type { Weights } from "../nn/callbacks/index.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import type { WeightForm } from "../web-runtime/plan.ts";
import { restore, store, type StoredNumbers } from "../web-runtime/stored-numbers.ts";

/** Fewer columns than this make scales too coarse: those of a depthwise filter are its channels and their multiples. */
const LEAST_COLUMNS = 2;

/**
 * Returns how a weight is kept. Biases, factors and statistics are vectors: few numbers, on which all else depends; they stay float32.
 * @param form the form that was asked for
 */
export function storedForm(shape: Shape, form: WeightForm): StoredNumbers {
  if (form === "float32" || shape.length < 2) return { form: "float32" };
  if (form === "float16") return { form };
  let columns = shape[shape.length - 1];
  if (columns < LEAST_COLUMNS && shape.length > 2) columns *= shape[shape.length - 2];
  return { form, columns };
}

/** Returns all weights as they are after they were kept in a form. */
export function roundedWeights(network: Pick<InferenceNetwork, "getWeights">, form: WeightForm): Weights {
  return new Map(
    [...network.getWeights()].map(([path, { shape, data }]) => {
      const stored = storedForm(shape, form);
      return [path, { shape, data: restore(store(data, stored), sizeOf(shape), stored) }];
    }),
  );
}
