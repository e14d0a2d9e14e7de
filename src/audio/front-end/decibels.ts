/** @file From magnitudes or powers to features: decibels and other logarithms. */
import type { Tensor } from "../../graph/tensor.ts";
import { add, multiply, subtract } from "../../ops/arithmetic.ts";
import { log } from "../../ops/exponential.ts";
import { max } from "../../ops/reduce.ts";
import { maximum } from "../../ops/select.ts";
import type { AmplitudeScale } from "./config.ts";

/** The parameters of a decibel scale that depend on a whole example. */
export interface ExampleLevel {
  /** Whether the largest value becomes 0 dB. */
  readonly relativeToMax: boolean;
  /** Decibels below the example's largest value to which smaller ones are raised; null: none. */
  readonly topDb: number | null;
}

/**
 * The part of a scale that each number has for itself, over x of any shape. Decibels are
 * factor · log10(max(amin, x)) - factor · log10(max(amin, reference)), the factor being 10 for powers (`power` 2) and 20
 * for magnitudes; with the reference "max" the second term waits for {@link applyLevel}.
 */
export function scaleAmplitudes(x: Tensor, scale: AmplitudeScale, power: 1 | 2): Tensor {
  switch (scale.kind) {
    case "linear":
      return x;
    case "naturalLog":
      return log(add(x, scale.offset));
    case "log10":
      return multiply(log(add(multiply(x, scale.factor), 1)), 1 / Math.LN10);
    case "decibels": {
      const factor = 20 / power;
      const { amin, reference } = scale;
      const level = multiply(log(maximum(x, amin)), factor / Math.LN10);
      const zero = reference === "max" ? 0 : factor * Math.log10(Math.max(amin, reference));
      return zero === 0 ? level : subtract(level, zero);
    }
  }
}

/** undefined where a scale needs nothing of the whole example. */
export function levelOf(scale: AmplitudeScale): ExampleLevel | undefined {
  if (scale.kind !== "decibels") return undefined;
  const relativeToMax = scale.reference === "max";
  return relativeToMax || scale.topDb !== null ? { relativeToMax, topDb: scale.topDb } : undefined;
}

/** Decibels `[N, T, F]` relative to each example's largest, and none of them below it by more than topDb. */
export function applyLevel(decibels: Tensor, { relativeToMax, topDb }: ExampleLevel): Tensor {
  const largest = max(decibels, [1, 2], true);
  const relative = relativeToMax ? subtract(decibels, largest) : decibels;
  if (topDb === null) return relative;
  return maximum(relative, relativeToMax ? -topDb : subtract(largest, topDb));
}

/** {@link applyLevel} on the numbers of one example, in place, to the same bits. */
export function applyLevelTo(decibels: Float32Array, { relativeToMax, topDb }: ExampleLevel): void {
  let largest = -Infinity;
  for (const value of decibels) if (value > largest) largest = value;
  const zero = relativeToMax ? largest : 0;
  // A Float32Array rounds what it stores, as the engine's single precision does; the floor has to be rounded here.
  const floor = topDb === null ? -Infinity : Math.fround((relativeToMax ? 0 : largest) - Math.fround(topDb));
  for (let i = 0; i < decibels.length; i++) {
    const value = Math.fround(decibels[i] - zero);
    decibels[i] = value < floor ? floor : value;
  }
}
