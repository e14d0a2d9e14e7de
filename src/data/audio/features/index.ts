/** @file Features of recordings: computed once, kept on disk, cut into windows, augmented. Browser-safe. */

export { type AugmentationConfig, type AugmentationOptions } from "./augment/config.ts";
export { defaultAugmentation } from "./augment/default-augmentation.ts";
export type { Masks } from "./augment/masks.ts";
export { defaultFeatureFolder } from "./cache/feature-cache.ts";
export type { FeatureStore, PreparationTimings } from "./feature-store.ts";
export { prepareFeatures, type PrepareOptions } from "./prepare-features.ts";
export type { PreparationProgress } from "./preparation.ts";
export {
  windowDataset,
  type RandomWindowOptions,
  type RegularWindowOptions,
  type WindowDataset,
  type WindowDatasetOptions,
} from "./windows/window-dataset.ts";
