/** @file Pictures as data: pixels in one size, data sets of them, their inspection, and which show the same. Node only. */
export {
  checkPictureAugmentation,
  defaultPictureAugmentation,
  type PictureAugmentationConfig,
  type PictureAugmentationOptions,
} from "./augment/config.ts";
export {
  pictureDataset,
  type PictureDataset,
  type PictureDatasetOptions,
  type PixelSource,
} from "./picture-dataset.ts";
export type { PixelFormat } from "./pixels/messages.ts";
export { choosePixelFormat, type PixelFormatOptions } from "./pixels/pixel-format.ts";
export {
  pixelFormatOf,
  preparePixels,
  type PixelProgress,
  type PreparePixelsOptions,
} from "./pixels/prepare-pixels.ts";
export type { Picture, PixelStore } from "./pixels/pixel-store.ts";
export type { ImageCollection, ImageExample } from "./collection.ts";
export {
  findPictureDuplicates,
  type ComparedPicture,
  type PictureDuplicate,
} from "./duplicates/find-duplicates.ts";
export type { PictureFingerprint } from "./duplicates/fingerprint.ts";
export { inspectPictures, type InspectPicturesOptions } from "./inspect/inspect-pictures.ts";
export type {
  PictureClassSummary,
  PictureInspection,
  PictureProblem,
  PictureProblemKind,
  PictureSummary,
  SideSummary,
} from "./inspect/inspection.ts";
export type { PictureMeasurement } from "./pixels/measurement.ts";
