/** @file Which augmentations of pictures are used, as plain JSON, and how that is checked. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import { shownValue } from "../../../shown-value.ts";

/**
 * The random changes to a training picture; those left out are not made. Each has random numbers of its own, so that one does
 * not affect the draws of another. Flips to mixup are made in this order; those of the geometry as one.
 */
export interface PictureAugmentationOptions {
  /** Mirrors half of the pictures, left to right. */
  readonly horizontalFlip?: boolean;
  /** Turns half of the pictures upside down. */
  readonly verticalFlip?: boolean;
  /** A shift along each axis, uniform within plus and minus this fraction (0 … 1) of the side. */
  readonly shift?: number;
  /** A rotation about the middle, uniform within plus and minus this angle in degrees (0 … 180). */
  readonly rotation?: number;
  /** A magnification, uniform on [low, high] over its logarithm. */
  readonly zoom?: readonly [number, number];
  /** A part of the picture, of its shape, fills it: the part's share of the area is uniform on [this, 1], its place too. */
  readonly crop?: number;
  /** A factor for all values, uniform on [1 - this, 1 + this] (0 … 1). */
  readonly brightness?: number;
  /** A factor for the distances from the picture's mean grey, likewise. */
  readonly contrast?: number;
  /** A factor for the distances of each pixel's colours from its grey, likewise. */
  readonly saturation?: number;
  /** A square, its side this fraction (0 … 1) of the shorter side, is set to the picture's mean. */
  readonly cutout?: number;
  /** Mixes pictures of a batch and their targets; `alpha` is the parameter of the beta law. */
  readonly mixup?: { readonly alpha: number };
}

export type PictureAugmentationConfig = "none" | PictureAugmentationOptions;

/** Below this, mixup's law is 0 or 1 to the precision of float32, and nothing is mixed. */
const SMALLEST_ALPHA = 0.01;

const FRACTIONS = ["shift", "crop", "brightness", "contrast", "saturation", "cutout"] as const;

const NAMES: ReadonlySet<string> = new Set<keyof PictureAugmentationOptions>([
  ...FRACTIONS,
  "horizontalFlip",
  "verticalFlip",
  "rotation",
  "zoom",
  "mixup",
]);

/** @throws AuricleError "argument" for unknown names and numbers out of range. */
export function checkPictureAugmentation(options: PictureAugmentationOptions): void {
  const unknown = Object.keys(options).find((name) => !NAMES.has(name));
  if (unknown) throw refused(unknown, `one of ${[...NAMES].sort().join(", ")}`, unknown);
  for (const name of FRACTIONS) {
    const value = options[name];
    if (value !== undefined && !(value > 0 && value <= 1)) throw refused(name, "above 0, at most 1", value);
  }
  const { rotation, zoom, mixup } = options;
  if (rotation !== undefined && !(rotation > 0 && rotation <= 180)) {
    throw refused("rotation", "an angle in degrees above 0, at most 180", rotation);
  }
  if (zoom && !(zoom.length === 2 && zoom[0] > 0 && zoom[0] <= zoom[1] && zoom[1] < Infinity)) {
    throw refused("zoom", "[low, high], both above 0", zoom);
  }
  if (mixup && !(mixup.alpha >= SMALLEST_ALPHA && mixup.alpha < Infinity)) {
    throw refused("mixup", `{ alpha } with alpha from ${SMALLEST_ALPHA}`, mixup);
  }
}

/**
 * The augmentation unless another is asked for: changes that leave the meaning of nearly every picture alone. No flips, since
 * letters, digits and road signs mean something else in a mirror, and a folder does not say what is on its pictures. Numbers
 * as targets (regression) may be of place, size or colour, so there nothing is changed.
 * @param channels 1 for grey: then there are no colours to change
 */
export function defaultPictureAugmentation(
  channels: number,
  task: "classification" | "tagging" | "regression",
): PictureAugmentationConfig {
  if (task === "regression") return "none";
  const shared = { shift: 0.1, rotation: 10, zoom: [0.9, 1.1], brightness: 0.2, contrast: 0.2 } as const;
  return channels === 3 ? { ...shared, saturation: 0.2 } : shared;
}

function refused(name: string, wanted: string, came: unknown): AuricleError {
  return new AuricleError("argument", `augmentation: ${name} must be ${wanted}; got ${shownValue(came)}`);
}
