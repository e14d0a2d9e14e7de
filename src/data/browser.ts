/** @file `auricle/data` in browsers: what of it needs no file system. */

export {
  arrayDataset,
  imageDataset,
  type ArrayDatasetOptions,
  type ImageDatasetOptions,
} from "./array-dataset.ts";
export * from "./audio/index.ts";
export * from "./synthesis/styles/index.ts";
export { labelsOf, subset, type Dataset } from "./dataset.ts";
export type { DatasetRole } from "./definition.ts";
export { digitsDataset, type DigitsOptions } from "./synthesis/digits/digits.ts";
export type { ImageCollection, ImageExample } from "./images/collection.ts";
export { parseIdx, type IdxArray } from "./idx.ts";
export { splitDataset, type SplitOptions } from "./split.ts";
