/** @file `auricle/data`: data sets, known by name or made of arrays. For Node.js; browser.ts is the same for browsers. */

export {
  arrayDataset,
  imageDataset,
  type ArrayDatasetOptions,
  type ImageDatasetOptions,
} from "./array-dataset.ts";
export * from "./audio/features/index.ts";
export * from "./audio/index.ts";
export * from "./audio/inspect/index.ts";
export { openAudioCollection, type OpenAudioOptions } from "./audio/open.ts";
export { labelsOf, subset, type Dataset } from "./dataset.ts";
export type {
  AboutDataset,
  ArrayDatasetDefinition,
  AudioDatasetDefinition,
  AudioSource,
  AudioSplit,
  DatasetArchive,
  DatasetDefinition,
  DatasetFile,
  DatasetRole,
  FileCopy,
} from "./definition.ts";
export { digitsDataset, type DigitsOptions } from "./synthesis/digits/digits.ts";
export { downloadFile, type DownloadProgress, type DownloadRequest } from "./download.ts";
export {
  choosePixelFormat,
  defaultPictureAugmentation,
  findPictureDuplicates,
  inspectPictures,
  pictureDataset,
  preparePixels,
  type ComparedPicture,
  type ImageCollection,
  type ImageExample,
  type InspectPicturesOptions,
  type PictureAugmentationConfig,
  type PictureAugmentationOptions,
  type PictureDataset,
  type PictureDatasetOptions,
  type PictureDuplicate,
  type PictureInspection,
  type PixelFormat,
  type PixelFormatOptions,
  type PreparePixelsOptions,
} from "./images/index.ts";
export { openImageCollection, type OpenImageOptions } from "./images/open.ts";
export { parseIdx, type IdxArray } from "./idx.ts";
export { loadDataset, type LoadOptions } from "./load.ts";
export { locateDataset, type DatasetLocation, type LocateOptions } from "./locate-dataset.ts";
export type { LocatedFile } from "./locate.ts";
export { mediumOf, type DataMedium } from "./media.ts";
export type { ObtainProgress } from "./obtain-options.ts";
export { datasetDefinition, findKnownDataset } from "./registry.ts";
export { knownDatasets } from "./known-datasets-node.ts";
export { splitDataset, type SplitOptions } from "./split.ts";
export * from "./synthesis/styles/index.ts";
export { writeNotesFolder } from "./synthesis/styles/notes-file.ts";
export {
  writeStylesFolder,
  type RenderingProgress,
  type WriteStylesOptions,
} from "./synthesis/styles/styles-file.ts";
export type { StylesOptions, StyleTrack } from "./synthesis/styles/styles-plan.ts";
