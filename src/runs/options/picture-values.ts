/** @file Options of pictures as words: sizes, and the numbers of their augmentation. Browser-safe. */

import * as z from "zod/mini";
import {
  defaultPictureAugmentation,
  type PictureAugmentationConfig,
  type PictureAugmentationOptions,
} from "../../data/images/augment/config.ts";
import type { Task } from "../../data/collection/collection.ts";
import type { PixelFormat } from "../../data/images/pixels/messages.ts";
import type { FLIP_NAMES } from "./names.ts";
import type { ValueType } from "./values.ts";

type Size = Pick<PixelFormat, "width" | "height">;

/** A width and a height, "96x64", or one number for both. */
export function pictureSize(): ValueType<string> {
  const error = 'must be a width and a height from 1 to 65536, such as "96x64", or one number for both';
  const fits = (value: string) => Object.values(sizeOf(value)).every((side) => side >= 1 && side <= 65_536);
  return {
    schema: z.string({ error }).check(z.regex(/^\d+(x\d+)?$/, { error }), z.refine(fits, { error })),
  };
}

/** The width and height that a value of {@link pictureSize} stands for. */
export function sizeOf(value: string): Size {
  const [width, height = width] = value.split("x").map(Number);
  return { width, height };
}

export function sizeText({ width, height }: Size): string {
  return width === height ? String(width) : `${width}x${height}`;
}

/** The changes that one number describes, which is 0 where they are left out. */
export type PictureChange = Exclude<
  keyof PictureAugmentationOptions,
  "horizontalFlip" | "verticalFlip" | "zoom"
>;

const CHANGES: readonly PictureChange[] = [
  "shift",
  "rotation",
  "crop",
  "brightness",
  "contrast",
  "saturation",
  "cutout",
  "mixup",
];

type Flip = (typeof FLIP_NAMES)[number];
type Zoom = readonly [number, number];

const NO_ZOOM: Zoom = [1, 1];

/** Two factors above 0, "0.9/1.1"; in a file as a list. */
export function zoomRange(): ValueType<Zoom> {
  const error = "must be two factors above 0, the smaller first, such as 0.9/1.1";
  const factor = z.number({ error }).check(z.positive({ error }));
  return {
    schema: z.tuple([factor, factor], { error }).check(z.refine(([low, high]) => low <= high, { error })),
    parse: (word) => (/^[\d.]+\/[\d.]+$/.test(word) ? word.split("/").map(Number) : word),
    format: (value) => value.join("/"),
  };
}

/** Reads one number of an augmentation. */
export function changeOf(augmentation: PictureAugmentationConfig, name: PictureChange): number {
  const value = augmentation === "none" ? undefined : augmentation[name];
  return typeof value === "object" ? value.alpha : (value ?? 0);
}

export function flipOf({ horizontalFlip = false, verticalFlip = false }: PictureAugmentationOptions): Flip {
  if (horizontalFlip) return verticalFlip ? "both" : "horizontal";
  return verticalFlip ? "vertical" : "none";
}

export function zoomOf({ zoom = NO_ZOOM }: PictureAugmentationOptions): Zoom {
  return zoom;
}

/** Values of the options that an augmentation is made of. */
export type PictureAugmentationValues = { readonly [Name in PictureChange]?: number } & {
  readonly flip?: Flip;
  readonly zoom?: Zoom;
};

/**
 * Makes an augmentation of options: those that are not given are as by default.
 * @param augment whether there is a default at all; without it only the given changes are made
 */
export function pictureAugmentationOf(
  values: PictureAugmentationValues,
  augment: boolean,
  { channels, task }: { readonly channels: number; readonly task: Task },
): PictureAugmentationConfig {
  const chosen = augment ? defaultPictureAugmentation(channels, task) : "none";
  const base = chosen === "none" ? {} : chosen;
  const { flip = flipOf(base), zoom = zoomOf(base) } = values;
  const numbers = CHANGES.map((name) => [name, values[name] ?? changeOf(base, name)] as const)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => [name, name === "mixup" ? { alpha: value } : value]);
  const changes: PictureAugmentationOptions = {
    ...((flip === "horizontal" || flip === "both") && { horizontalFlip: true }),
    ...((flip === "vertical" || flip === "both") && { verticalFlip: true }),
    ...(zoom.some((factor) => factor !== 1) && { zoom }),
    ...Object.fromEntries(numbers),
  };
  return Object.keys(changes).length === 0 ? "none" : changes;
}
