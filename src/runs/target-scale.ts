/**
 * @file The scale on which a regression is trained: targets with mean 0 and deviation 1, so that the first steps do not
 * depend on whether a pitch is in Hz or in semitones. Taken from the training clips alone. Browser-safe.
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
  static of(clips: readonly Example[]): TargetScale {
    return new TargetScale(
      Array.from(clips[0].target, (_, i) => {
        const mean = clips.reduce((sum, { target }) => sum + target[i], 0) / clips.length;
        const variance = clips.reduce((sum, { target }) => sum + (target[i] - mean) ** 2, 0) / clips.length;
        return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
      }),
    );
  }

  standardise(target: Float32Array): Float32Array {
    return target.map((value, i) => (value - this.scale[i].mean) / this.scale[i].deviation);
  }

  /** The same clips with targets on this scale. */
  standardiseClips<E extends Example>(clips: readonly E[]): E[] {
    return clips.map((clip) => ({ ...clip, target: this.standardise(clip.target) }));
  }
}
