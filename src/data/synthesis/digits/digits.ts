/**
 * @file The built-in data set: digits as if written by hand, drawn by code, so that there is something to train on
 * with no download at all. Browser-safe.
 */

import { AuricleError } from "../../../errors.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import { deriveKey, Generator } from "../../../random/generator.ts";
import { imageDataset } from "../../array-dataset.ts";
import type { Dataset } from "../../dataset.ts";
import type { DatasetRole } from "../../definition.ts";
import { drawStroke } from "./draw.ts";
import { GLYPHS } from "./glyphs.ts";
import { affineWarp, elasticWarp } from "./warp.ts";
import { shownValue } from "../../../shown-value.ts";

/** Pixels along each side of a picture. */
const SIZE = 28;

/** Number of examples in each part, where none is asked for. */
export const DIGIT_COUNTS: Readonly<Record<DatasetRole, number>> = { train: 10_000, test: 2_000 };

export const DIGIT_CLASS_NAMES: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

export interface DigitsOptions {
  /** Both parts are drawn alike, from different random numbers. Default `"train"`. */
  readonly role?: DatasetRole;
  /** Number of examples. Default 10,000 for training, 2,000 for testing. */
  readonly count?: number;
  /** Same seed, same bytes, in every JavaScript engine. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionNames<DigitsOptions> = { role: true, count: true, seed: true };

/**
 * Draws digits, `[28,28,1]`, light on dark: several ways to write each digit, slanted, turned, shifted, bent, with
 * pens and contrasts of all kinds and some noise. Every ten examples hold each digit once, in random order. Example
 * i depends on seed, role and i alone, so a smaller set is the beginning of a larger one.
 * @throws AuricleError "argument" when `count` is not a positive integer.
 */
export function digitsDataset(options: DigitsOptions = {}): Dataset {
  checkOptions("digitsDataset", options, OPTIONS);
  const { role = "train", count = DIGIT_COUNTS[role], seed = 0 } = options;
  if (!Number.isInteger(count) || count < 1) {
    throw new AuricleError("argument", `digits: count must be a positive integer; got ${shownValue(count)}`);
  }
  const images = new Uint8Array(count * SIZE * SIZE);
  const labels = new Int32Array(count);
  let order: number[] = [];
  for (let example = 0; example < count; example++) {
    if (example % 10 === 0) {
      order = new Generator(deriveKey(seed, "digits", role, "order", example)).shuffle([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
    }
    labels[example] = order[example % 10];
    const random = new Generator(deriveKey(seed, "digits", role, "picture", example));
    drawDigit(labels[example], random, images.subarray(example * SIZE * SIZE, (example + 1) * SIZE * SIZE));
  }
  return imageDataset({
    name: `digits (${role})`,
    images,
    imageShape: [SIZE, SIZE, 1],
    labels,
    classNames: DIGIT_CLASS_NAMES,
  });
}

/** Draws one picture of a digit into `image`, 28 × 28 bytes. */
function drawDigit(digit: number, random: Generator, image: Uint8Array): void {
  const vary = (centre: number, spread: number) => centre + (2 * random.uniform() - 1) * spread;
  const ways = GLYPHS[digit];
  const strokes = ways[random.integer(ways.length)](vary);
  const bend = elasticWarp(random, 0.16);
  const place = affineWarp(random, SIZE);
  const halfWidth = vary(1.15, 0.6);
  const pen = {
    halfWidths: [halfWidth * vary(1, 0.25), halfWidth * vary(1, 0.25)] as const,
    softness: vary(1.2, 0.4),
  };
  const picture = new Float32Array(SIZE * SIZE);
  for (const stroke of strokes) {
    drawStroke(
      picture,
      SIZE,
      stroke.map((point) => place(bend(point))),
      pen,
    );
  }
  develop(picture, random, image);
}

/** Turns coverage 0 … 1 into bytes: ink and paper of random brightness, and noise. */
function develop(picture: Float32Array, random: Generator, image: Uint8Array): void {
  const paper = 0.12 * random.uniform();
  const ink = 1 - 0.4 * random.uniform();
  const noise = 0.08 * random.uniform();
  for (let pixel = 0; pixel < picture.length; pixel++) {
    const brightness = paper + (ink - paper) * picture[pixel] + noise * nearlyNormal(random.uint32());
    image[pixel] = Math.min(255, Math.max(0, Math.round(255 * brightness)));
  }
}

/** √(4 · (256² - 1) / 12): the standard deviation of the sum of four uniform bytes. */
const DEVIATION = Math.sqrt((4 * (256 * 256 - 1)) / 12);

/** A nearly normal number, mean 0 and deviation 1: the sum of the four bytes of `bits`, centred and scaled. */
function nearlyNormal(bits: number): number {
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / DEVIATION;
}
