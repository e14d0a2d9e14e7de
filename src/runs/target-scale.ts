/**
 * @file The scale on which a regression is trained: targets with mean 0 and deviation 1, so that the first steps do not
 * depend on whether a pitch is in Hz or in semitones. Taken from the training examples alone. Browser-safe.
 */

import type { AudioDescription } from "../audio-model/description.ts";
import type { Example } from "../data/collection/collection.ts";

type Scale = NonNullable<AudioDescription["targetScale"]>;

export class TargetScale {
  /** By number of a target. */
  readonly scale: Scale;

  constructor(scale: Scale) {
    this.scale = scale;
  }

  /** Mean and deviation of each number of the targets; a number that is always the same has deviation 1. */
  static of(examples: readonly Example[]): TargetScale {
    return new TargetScale(
      Array.from(examples[0].target, (_, i) => {
        const mean = examples.reduce((sum, { target }) => sum + target[i], 0) / examples.length;
        const variance =
          examples.reduce((sum, { target }) => sum + (target[i] - mean) ** 2, 0) / examples.length;
        return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
      }),
    );
  }

  standardise(target: Float32Array): Float32Array {
    return target.map((value, i) => (value - this.scale[i].mean) / this.scale[i].deviation);
  }

  /** The same examples with targets on this scale. */
  standardiseExamples<E extends Example>(examples: readonly E[]): E[] {
    return examples.map((example) => ({ ...example, target: this.standardise(example.target) }));
  }
}
