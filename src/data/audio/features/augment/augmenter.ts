/** @file All augmentations of a configuration, in order. Browser-safe. */

import type { FrontEndConfig } from "../../../../audio/front-end/config.ts";
import { deriveKey, Generator } from "../../../../random/generator.ts";
import { checkAugmentation, type AugmentationOptions } from "./config.ts";
import { applyGain, gainLaw } from "./gain.ts";
import { maskBands, type MaskFill, type WindowShape } from "./masks.ts";
import { mixup, type MixedIn } from "./mixup.ts";
import { addNormal } from "./normal-table.ts";
import { flipPolarity } from "./polarity.ts";
import { shiftTime } from "./time-shift.ts";
import { addWaveformNoise } from "./waveform-noise.ts";

export interface Augmenter {
  /** Changes one example, `[steps, bins, channels]`, in place. `key` gives its random numbers. */
  one(window: Float32Array, key: number): void;
  /** Changes a batch of examples and their targets in place; `keys` has one for each. `following`: see {@link mixup}. */
  batch(inputs: Float32Array, targets: Float32Array, keys: ArrayLike<number>, following?: MixedIn): void;
  /** Whether examples of a batch are mixed with each other. */
  readonly mixes: boolean;
}

/**
 * @param shape the shape of one example; a waveform has one bin
 * @param maskFill the new value of masked values, see {@link maskBands}
 * @throws AuricleError "argument" as {@link checkAugmentation}.
 */
export function augmenter(
  options: AugmentationOptions,
  config: FrontEndConfig,
  shape: WindowShape,
  maskFill: MaskFill = "mean",
): Augmenter {
  checkAugmentation(options, config);
  const { gain, polarity, signalToNoise, gaussianNoise, timeShift, frequencyMasks, timeMasks } = options;
  const law = gainLaw(config);
  const steps: ((window: Float32Array, random: (name: string) => Generator) => void)[] = [];
  if (gain) steps.push((window, random) => applyGain(window, shape, gain, law, random("gain")));
  if (polarity) steps.push((window, random) => flipPolarity(window, random("polarity")));
  if (signalToNoise) {
    steps.push((window, random) => addWaveformNoise(window, signalToNoise, random("noise")));
  }
  if (gaussianNoise !== undefined) {
    steps.push((window, random) => addNormal(window, gaussianNoise, random("noise")));
  }
  if (timeShift !== undefined) {
    steps.push((window, random) => shiftTime(window, shape[0], timeShift, random("shift")));
  }
  if (frequencyMasks || timeMasks) {
    const masks = { frequencyMasks, timeMasks };
    steps.push((window, random) => maskBands(window, shape, masks, random("masks"), maskFill));
  }
  return {
    one(window, key) {
      for (const step of steps) step(window, (name) => new Generator(deriveKey(key, name)));
    },
    mixes: options.mixup !== undefined,
    batch(inputs, targets, keys, following) {
      if (!options.mixup) return;
      const random = (example: number) => new Generator(deriveKey(keys[example], "mixup"));
      mixup(inputs, targets, keys.length, options.mixup.alpha, random, following);
    },
  };
}
