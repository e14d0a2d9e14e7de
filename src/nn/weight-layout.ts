/** @file Where each weight lies in its slab. */
import { sizeOf, type Shape } from "../tensor/shape.ts";
import type { Constraint } from "./constraints.ts";
import type { WeightSpec } from "./weight-spec.ts";
import type { Regularizer } from "./regularizers.ts";

/** One cache line, so that vector loads of weights are aligned. */
const WEIGHT_ALIGNMENT = 16;

/** The words that a weight takes in its slab, those after it included, which hold 0. */
export function paddedWords(shape: Shape): number {
  return Math.ceil(sizeOf(shape) / WEIGHT_ALIGNMENT) * WEIGHT_ALIGNMENT;
}

/** A weight of a network and its place. */
export interface WeightEntry {
  /** The layer's name. */
  readonly layer: string;
  /** "kernel", "bias", … */
  readonly name: string;
  /** "conv2d_1/kernel". */
  readonly path: string;
  readonly shape: Shape;
  /** First word in its slab: `parameters` when `trainable`, else `statistics`. */
  readonly offset: number;
  /** false for running statistics. Whether the layer is frozen is another matter: see `Network.isFrozen`. */
  readonly trainable: boolean;
  /** Whether weight decay applies. */
  readonly decay: boolean;
  readonly regularizer: Regularizer | undefined;
  readonly constraint: Constraint | undefined;
}

/** All weights in the order of the layers, and the words that the two slabs need. */
export interface WeightLayout {
  readonly entries: readonly WeightEntry[];
  readonly parameterWords: number;
  readonly statisticWords: number;
}

/**
 * Trainable weights: first those with weight decay, then those without, each group in the order of the layers;
 * so an optimizer has two ranges. The others lie in a slab of their own. Freezing changes nothing here.
 */
export function layOutWeights(
  layers: readonly { readonly name: string; readonly weights: readonly WeightSpec[] }[],
): WeightLayout {
  const all = layers.flatMap(({ name: layer, weights }) => weights.map((spec) => ({ layer, spec })));
  const offsets = new Map<WeightSpec, number>();
  const place = (chosen: readonly { spec: WeightSpec }[]): number => {
    let end = 0;
    for (const { spec } of chosen) {
      offsets.set(spec, end);
      end += paddedWords(spec.shape);
    }
    return end;
  };
  const trainable = all.filter(({ spec }) => spec.trainable);
  const parameterWords = place([
    ...trainable.filter(({ spec }) => spec.decay),
    ...trainable.filter(({ spec }) => !spec.decay),
  ]);
  const statisticWords = place(all.filter(({ spec }) => !spec.trainable));
  const entries = all.map(({ layer, spec }): WeightEntry => {
    const { name, shape, trainable, decay, regularizer, constraint } = spec;
    const offset = offsets.get(spec) ?? 0;
    const path = `${layer}/${name}`;
    return { layer, name, path, shape, offset, trainable, decay, regularizer, constraint };
  });
  return { entries, parameterWords, statisticWords };
}
