/** @file A configuration of a run on sound, for tests. */

import { frontEndConfig } from "../../audio/front-end/config.ts";
import { AUDIO_MODELS } from "../../models/index.ts";
import type { SoundConfig } from "../sound/sound-config.ts";

/** That of a run with the defaults, but for what is given. */
export function soundConfigOf(given: Partial<SoundConfig> = {}): SoundConfig {
  return {
    version: 1,
    kind: "sound",
    data: "/data/tones",
    reading: {},
    task: "classification",
    classNames: ["high", "low"],
    recipe: "default",
    model: "mel-cnn",
    frontEnd: frontEndConfig(AUDIO_MODELS["mel-cnn"].frontEnd),
    normalize: true,
    windowFrames: 129,
    split: {
      fractions: [0.85, 0.1, 0.05],
      official: true,
      fold: null,
      seed: 0,
      force: false,
      duplicates: true,
      trainSize: null,
    },
    epochs: 40,
    batchSize: 32,
    windowsPerClip: 1,
    optimizer: "adamw",
    learningRate: 1e-3,
    scaleLearningRate: 1,
    syncBatchNorm: false,
    weightDecay: 1e-2,
    schedule: "one-cycle",
    labelSmoothing: 0.1,
    balance: "none",
    augmentation: "none",
    seed: 0,
    patience: 10,
    transfer: null,
    target: "wasm",
    algorithms: "fixed",
    ...given,
  };
}
