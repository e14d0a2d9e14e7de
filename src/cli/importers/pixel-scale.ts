/** @file How pixels from 0 to 1 become what a network of another program takes. */
import { InvalidArgumentError } from "commander";

/** (pixel - mean) / deviation, with one number for all channels or one for each. */
export interface PixelScale {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** The scales that most networks were trained with. */
const SCALES: Readonly<Record<string, PixelScale>> = {
  /** From 0 to 255. */
  bytes: { mean: [0], deviation: [1 / 255] },
  /** From -1 to 1. */
  signed: { mean: [0.5], deviation: [0.5] },
  /** torchvision's for ImageNet. */
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
};

export const SCALE_NAMES = Object.keys(SCALES);

/** Reads "imagenet" or "0.5,0.5,0.5/0.25,0.25,0.25": means and deviations of pixels from 0 to 1. */
export function pixelScale(text: string): PixelScale {
  if (Object.hasOwn(SCALES, text)) return SCALES[text];
  const [mean, deviation, ...more] = text
    .split("/")
    .map((part) => part.split(",").map((word) => (word.trim() === "" ? NaN : Number(word))));
  const isRight =
    more.length === 0 &&
    mean?.every(Number.isFinite) &&
    deviation?.every((value) => value > 0 && value < Infinity);
  if (isRight && mean && deviation) return { mean, deviation };
  throw new InvalidArgumentError(
    `It must be one of ${SCALE_NAMES.join(", ")}, or means and deviations of pixels from 0 to 1, such as 0.5/0.5 or 0.49,0.48,0.45/0.2,0.2,0.2.`,
  );
}
