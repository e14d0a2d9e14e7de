/** @file Augmentation: mixup. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";
import { symmetricBeta } from "./beta.ts";

/** An example that another one is mixed with. */
export interface MixedIn {
  readonly input: Float32Array;
  readonly target: Float32Array;
}

/**
 * Mixes each example of a batch with the next one, the last with the first: x ← λ x + (1 - λ) x', and the
 * targets with the same λ, which is drawn from Beta(α, α) for each example. Zhang et al., "mixup: beyond
 * empirical risk minimization" (ICLR 2018); the paper's random pairs are neighbours here, since training
 * takes examples in random order.
 * @param inputs the examples one after the other
 * @param random the generator of the batch's i-th example
 * @param following the example that the last one is mixed with, where these are a share of a larger batch. Default: the first
 */
export function mixup(
  inputs: Float32Array,
  targets: Float32Array,
  count: number,
  alpha: number,
  random: (example: number) => Generator,
  following?: MixedIn,
): void {
  if (count < 2 && !following) return;
  const size = inputs.length / count;
  const targetSize = targets.length / count;
  const followingInput = following?.input ?? inputs.slice(0, size);
  const followingTarget = following?.target ?? targets.slice(0, targetSize);
  for (let i = 0; i < count; i++) {
    const share = symmetricBeta(alpha, random(i));
    const last = i === count - 1;
    const nextInput = last ? followingInput : inputs.subarray((i + 1) * size, (i + 2) * size);
    const nextTarget = last ? followingTarget : targets.subarray((i + 1) * targetSize, (i + 2) * targetSize);
    blend(inputs.subarray(i * size, (i + 1) * size), nextInput, share);
    blend(targets.subarray(i * targetSize, (i + 1) * targetSize), nextTarget, share);
  }
}

function blend(into: Float32Array, other: Float32Array, share: number): void {
  for (let i = 0; i < into.length; i++) into[i] = share * into[i] + (1 - share) * other[i];
}
