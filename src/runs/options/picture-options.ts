/** @file The training options for pictures. Browser-safe. */

import { defaultPictureAugmentation } from "../../data/images/augment/config.ts";
import { FIT_MODES } from "../../image/resize/resize-image.ts";
import { option, type OptionRow } from "./option.ts";
import { COLOR_NAMES, FLIP_NAMES } from "./names.ts";
import {
  changeOf,
  flipOf,
  pictureSize,
  sizeOf,
  sizeText,
  zoomOf,
  zoomRange,
  type PictureChange,
} from "./picture-values.ts";
import { amount, oneOf } from "./values.ts";

/** Options of pictures, which decide fields of config.json with other names. */
export const PICTURE_OPTIONS = {
  size: option({
    type: pictureSize(),
    flags: [["--size <n>", "width and height in pixels, such as 64 or 96x64"]],
    group: "Images:",
    appliesTo: "images",
    changesBits: true,
    defaultNote: "from the data, at most 96",
    of: ({ pixels }) => pixels && sizeText(pixels),
    compare: (asked, { pixels }) => [sizeText(sizeOf(asked)), pixels && sizeText(pixels)],
  }),
  fit: option({
    type: oneOf(FIT_MODES),
    flags: [["--fit <how>", "images of another shape"]],
    group: "Images:",
    appliesTo: "images",
    changesBits: true,
    fallback: "crop",
    of: ({ pixels }) => pixels?.fit,
  }),
  color: option({
    type: oneOf(COLOR_NAMES),
    flags: [["--color <kind>", "what images become"]],
    group: "Images:",
    appliesTo: "images",
    changesBits: true,
    defaultNote: "grey if all images are",
    of: ({ pixels }) => pixels && (pixels.channels === 1 ? "grey" : "color"),
  }),
  flip: option({
    type: oneOf(FLIP_NAMES),
    flags: [["--flip <how>", "mirror half of the images"]],
    group: "Augmentation of images:",
    appliesTo: "images",
    changesBits: true,
    fallback: "none",
    of: ({ augmentation }) => (augmentation === "none" ? undefined : flipOf(augmentation)),
  }),
  shift: augmentation("--shift <x>", "shift by up to this part of the side", "shift", 1),
  rotation: augmentation("--rotation <degrees>", "turn by up to this angle", "rotation", 180),
  zoom: option({
    type: zoomRange(),
    flags: [["--zoom <a/b>", "magnify by a factor between two, such as 0.8/1.2; 1/1: no zoom"]],
    group: "Augmentation of images:",
    appliesTo: "images",
    changesBits: true,
    defaultNote: "0.9/1.1",
    of: ({ augmentation }) => (augmentation === "none" ? undefined : zoomOf(augmentation)),
  }),
  crop: augmentation("--crop <x>", "a random part of at least this share fills the image", "crop", 1),
  brightness: augmentation("--brightness <x>", "change brightness by up to this factor", "brightness", 1),
  contrast: augmentation("--contrast <x>", "change contrast likewise", "contrast", 1),
  saturation: augmentation("--saturation <x>", "change colours likewise", "saturation", 1),
  cutout: augmentation("--cutout <x>", "hide a square, its side this part of the image's", "cutout", 1),
  mixup: augmentation("--mixup <alpha>", "mix images and their answers by a beta law", "mixup", 10),
} as const;

/** A row for one of the numbers that augmentation of pictures takes; 0 leaves the change out. */
function augmentation(flag: string, help: string, name: PictureChange, most: number): OptionRow<number> {
  const value = changeOf(defaultPictureAugmentation(3, "classification"), name);
  return {
    type: amount(most),
    flags: [[flag, help]],
    group: "Augmentation of images:",
    appliesTo: "images",
    changesBits: true,
    defaultNote: value === 0 ? "0" : String(value),
    of: (config) => (config.augmentation === "none" ? undefined : changeOf(config.augmentation, name)),
  };
}
