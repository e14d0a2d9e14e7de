import { describe, expect, it } from "vitest";
import { frontEndConfig, type FrontEndOptions } from "../../../../audio/front-end/config.ts";
import type { Task } from "../../../collection/collection.ts";
import { augmenter } from "./augmenter.ts";
import type { AugmentationOptions } from "./config.ts";
import { defaultAugmentation } from "./default-augmentation.ts";

const MEL = frontEndConfig({ kind: "melSpectrogram", scale: { kind: "decibels" } });
const SHAPE = [6, 5, 1] as const;

/** A window of 6 steps and 5 bins that holds -40 everywhere, after augmentation. */
function augmented(options: AugmentationOptions, key: number): Float32Array {
  const window = new Float32Array(30).fill(-40);
  augmenter(options, MEL, SHAPE).one(window, key);
  return window;
}

describe("augmentations", () => {
  it("depend on the example's key alone", () => {
    const options: AugmentationOptions = { gain: [-6, 6], gaussianNoise: 1, timeShift: 0.5 };
    expect(augmented(options, 3)).toEqual(augmented(options, 3));
    expect(augmented(options, 4)).not.toEqual(augmented(options, 3));
  });

  it("draw numbers of their own: another one does not change them", () => {
    const gain = augmented({ gain: [-6, 6] }, 7);
    // A constant window is its own mean, so masks and shifts leave it as it is.
    const masks = { count: 2, width: 3 };
    const all = { gain: [-6, 6], timeShift: 1, frequencyMasks: masks, timeMasks: masks } as const;
    expect(augmented(all, 7)).toEqual(gain);
    const noise = augmented({ gaussianNoise: 1 }, 7).map((value) => value + 40);
    const both = augmented({ gain: [-6, 6], gaussianNoise: 1 }, 7).map((value, i) => value - gain[i]);
    both.forEach((value, i) => expect(value).toBeCloseTo(noise[i], 4));
  });

  it("do not include mixup unless it was asked for", () => {
    const inputs = Float32Array.from([1, 2]);
    const targets = Float32Array.from([0, 1]);
    augmenter({ gain: [1, 1] }, MEL, [1, 1, 1]).batch(inputs, targets, [1, 2]);
    expect([...inputs, ...targets]).toEqual([1, 2, 0, 1]);
    augmenter({ mixup: { alpha: 1 } }, MEL, [1, 1, 1]).batch(inputs, targets, [1, 2]);
    expect(targets[0]).toBeGreaterThan(0);
  });
});

describe("the default", () => {
  const masks = (count: number, width: number) => ({ count, width });

  it.each<[string, FrontEndOptions, Task, AugmentationOptions]>([
    [
      // An eighth of 128 bins, a fifth of 100 steps.
      "of mel bands",
      { kind: "melSpectrogram", scale: { kind: "decibels" } },
      "classification",
      { gain: [-6, 6], frequencyMasks: masks(1, 16), timeMasks: masks(1, 20) },
    ],
    [
      "of decibels below the loudest",
      { kind: "melSpectrogram", scale: { kind: "decibels", reference: "max" } },
      "tagging",
      { frequencyMasks: masks(1, 16), timeMasks: masks(1, 20) },
    ],
    ["of cepstra", { kind: "mfcc" }, "classification", { gain: [-6, 6], timeMasks: masks(1, 20) }],
    [
      "of waveforms",
      { kind: "waveform" },
      "classification",
      { gain: [-6, 6], polarity: true, signalToNoise: [15, 50] },
    ],
    ["of a regression", { kind: "spectrogram" }, "regression", { gain: [-6, 6] }],
  ])("%s", (_, front, task, expected) => {
    const config = frontEndConfig(front);
    const stepShape = config.kind === "waveform" ? [1] : [128, 1];
    const options = defaultAugmentation(config, stepShape, 100, task);
    expect(options).toEqual(expected);
    expect(JSON.parse(JSON.stringify(options))).toEqual(options);
    expect(() => augmenter(options, config, [100, stepShape[0], 1])).not.toThrow();
  });
});
