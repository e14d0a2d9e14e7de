/** @file All augmentations of a configuration, in order. Browser-safe. */

import { deriveKey, Generator } from "../../../random/generator.ts";
import { mixup, type MixedIn } from "../../audio/features/augment/mixup.ts";
import { changeColors } from "./colors.ts";
import { checkPictureAugmentation, type PictureAugmentationOptions } from "./config.ts";
import { drawGeometry, warp, type PictureShape } from "./geometry.ts";

export interface PictureAugmenter {
  /** Changes one picture, values from 0 to 1, in place. `key` gives its random numbers. */
  one(picture: Float32Array, key: number): void;
  /** Changes a batch of pictures and their targets in place; `keys` has one for each. `following`: see {@link mixup}. */
  batch(pictures: Float32Array, targets: Float32Array, keys: ArrayLike<number>, following?: MixedIn): void;
  /** Whether examples of a batch are mixed with each other. */
  readonly mixes: boolean;
}

/** @throws AuricleError "argument" as {@link checkPictureAugmentation}. */
export function pictureAugmenter(options: PictureAugmentationOptions, shape: PictureShape): PictureAugmenter {
  checkPictureAugmentation(options);
  const { cutout, mixup: mixing } = options;
  return {
    one(picture, key) {
      const random = (name: string) => new Generator(deriveKey(key, name));
      const change = drawGeometry(options, shape, random);
      if (change) warp(picture, shape, change);
      changeColors(picture, shape[2], options, random);
      if (cutout !== undefined) cutOut(picture, shape, cutout, random("cutout"));
    },
    mixes: mixing !== undefined,
    batch(pictures, targets, keys, following) {
      if (!mixing) return;
      const random = (example: number) => new Generator(deriveKey(keys[example], "mixup"));
      mixup(pictures, targets, keys.length, mixing.alpha, random, following);
    },
  };
}

/**
 * Sets a square to each channel's mean. Its middle is uniform over the picture, so parts of it may lie outside: DeVries and
 * Taylor, "Improved regularization of convolutional neural networks with cutout" (2017).
 */
function cutOut(
  picture: Float32Array,
  [height, width, channels]: PictureShape,
  fraction: number,
  random: Generator,
): void {
  const side = Math.max(1, Math.round(fraction * Math.min(height, width)));
  const left = random.integer(width) - (side >> 1);
  const top = random.integer(height) - (side >> 1);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let i = channel; i < picture.length; i += channels) sum += picture[i];
    const mean = (sum * channels) / picture.length;
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
        picture[(y * width + x) * channels + channel] = mean;
      }
    }
  }
}
