/** @file Pictures as data: pixels in one size, and data sets of them. Node only. */
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
