/** @file A configuration of a run on images, for tests. */

import { WHITE } from "../../image/resize/resize-image.ts";
import type { ImageConfig } from "../images/image-config.ts";

/** That of a run with the defaults, but for what is given. */
export function imageConfigOf(given: Partial<ImageConfig> = {}): ImageConfig {
  return {
    version: 1,
    kind: "images",
    data: "fashion-mnist",
    reading: {},
    task: "classification",
    classNames: ["a", "b"],
    recipe: "default",
    model: "lenet5",
    pixels: { width: 28, height: 28, channels: 1, fit: "crop", background: WHITE },
    normalize: true,
    split: {
      fractions: [0.85, 0.1, 0.05],
      official: true,
      fold: null,
      seed: 0,
      force: false,
      duplicates: true,
      trainSize: null,
    },
    epochs: 10,
    batchSize: 64,
    optimizer: "adam",
    learningRate: 1e-3,
    scaleLearningRate: 1,
    syncBatchNorm: false,
    weightDecay: 0,
    schedule: "constant",
    labelSmoothing: 0,
    balance: "none",
    augmentation: "none",
    seed: 0,
    patience: null,
    transfer: null,
    target: "wasm",
    algorithms: "fixed",
    ...given,
  };
}
