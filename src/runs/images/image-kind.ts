/** @file Runs on images: what they do in their own way. Node only. */

import type { Example } from "../../data/audio/index.ts";
import { filterPictures, type ImageCollection } from "../../data/images/collection.ts";
import { openImageCollection } from "../../data/images/open.ts";
import { readAhead, type ReadAhead } from "../../data/images/ahead/read-ahead.ts";
import {
  pictureDataset,
  type PictureDataset,
  type PictureDatasetOptions,
} from "../../data/images/picture-dataset.ts";
import { preparePixels, type PreparePixelsOptions } from "../../data/images/pixels/prepare-pixels.ts";
import type { PixelStore } from "../../data/images/pixels/pixel-store.ts";
import { refuseProblems } from "../../data/collection/open-path.ts";
import { obtainOptions } from "../../data/obtain-options.ts";
import { imageDescription } from "../../image-model/description.ts";
import type { Model, Network } from "../../nn/index.ts";
import type { Evaluation } from "../../report/index.ts";
import { findKnownDataset } from "../../data/registry.ts";
import { claimFeatures, describeKept } from "../feature-cache.ts";
import { listFiles } from "../list-files.ts";
import { newRunFields } from "../new-run-fields.ts";
import { pictureAugmentationOf } from "../options/picture-values.ts";
import type {
  EvaluatedModel,
  FirstNetwork,
  ModelInput,
  OpenOptions,
  PlannedFacts,
  PrepareControls,
  RunKind,
  RunRequest,
} from "../run-kind.ts";
import { prepareShare } from "../share-run.ts";
import { dataOf } from "../short-data-name.ts";
import { TargetScale } from "../target-scale.ts";
import type { TrainingConfig } from "../training-config.ts";
import { evaluatePictures } from "./evaluate-pictures.ts";
import { parseImageConfig, type ImageConfig } from "./image-config.ts";
import { imageFacts, withPictures } from "./image-facts.ts";
import { describePixels, imageInputFor, type ImageInput } from "./image-input.ts";
import type { ImageJob } from "./image-job.ts";
import { buildImageModel, describeImageModel } from "./image-network.ts";
import { originalPicture } from "./original-picture.ts";
import { knownPictures, type KnownPictureSearch } from "./known-pictures.ts";

export const IMAGES: RunKind = {
  name: "images",
  parseConfig: parseImageConfig,

  open(data: string, { strict, task, ...controls }: OpenOptions) {
    return openImageCollection(data, { ...obtainOptions(controls), strict, task });
  },

  chooseInput(
    request: RunRequest,
    collection: ImageCollection,
    first: FirstNetwork | undefined,
  ): Promise<ModelInput> {
    return imageInputFor(request, collection, first);
  },

  prepare(collection: ImageCollection, { pixels }: ImageInput, controls: PrepareControls) {
    return preparePictures(collection, pixels, controls);
  },

  withExamples: (collection: ImageCollection, examples: readonly Example[]) => ({ ...collection, examples }),

  readable(collection: ImageCollection, store: PixelStore) {
    return {
      ...filterPictures(collection, (picture) => store.has(picture)),
      problems: [...collection.problems, ...store.problems],
    };
  },

  findKnown(
    collection: ImageCollection,
    search: KnownPictureSearch,
    compare: boolean,
    { signal }: PrepareControls,
  ) {
    return knownPictures(collection, { ...search, data: dataOf(search.data) }, compare, signal);
  },

  newConfig,
  build: (job: Omit<ImageJob, "path">) => buildImageModel(job),

  describe(network: Network, { config, targetScale, engine }: Omit<ImageJob, "path">): Model {
    return describeImageModel(network, config, targetScale, engine);
  },

  training(job: Omit<ImageJob, "path">): Promise<PictureDataset> {
    return Promise.resolve(pictureDataset(job.store, trainingExamples(job), trainingOptions(job)));
  },

  readAhead(job: ImageJob, onProblem: (problem: string) => void): ReadAhead {
    const { threads } = job.engine;
    return readAhead(job.store, trainingExamples(job), trainingOptions(job), { threads, onProblem });
  },

  heldOut({ store }: Omit<ImageJob, "path">, examples: readonly Example[]) {
    return pictureDataset(store, examples);
  },

  evaluate(model: EvaluatedModel, store: PixelStore, examples: readonly Example[]) {
    return evaluatePictures(model, store, examples);
  },

  scaleOf(model: Model, path: string) {
    const { targetScale } = imageDescription(model, path);
    return targetScale && new TargetScale(targetScale);
  },

  original: originalPicture,
  seconds: () => 0,
  notes: ({ pixels }: ImageConfig) => [describePixels(pixels)],
  describeKept: (store: PixelStore) => describeKept(store, "pixels"),
  report: imageFacts,

  withPreviews(evaluations: readonly Evaluation[], store: PixelStore, examples: readonly Example[]) {
    return Promise.resolve(withPictures(evaluations, store, examples));
  },

  // Pictures of any size and colour become what the model takes.
  warnOfRange: () => Promise.resolve(),
};

function trainingExamples({ parts, targetScale }: Omit<ImageJob, "path">): readonly Example[] {
  return targetScale ? targetScale.standardiseExamples(parts.train) : parts.train;
}

function trainingOptions({ config }: Omit<ImageJob, "path">): PictureDatasetOptions {
  const { seed, balance, augmentation, classNames } = config;
  return { name: "training", seed, balanced: balance === "sampling", augmentation, classNames };
}

/** As {@link PlannedFacts}, of images. */
interface ImageFacts extends PlannedFacts {
  readonly input: ImageInput;
}

/** Returns the configuration of a new run: the requested values, and the recipe's for the rest. */
function newConfig(
  request: RunRequest,
  collection: ImageCollection,
  { input: { model, pixels, describe }, split, examples }: ImageFacts,
): TrainingConfig {
  const { channels, width, height } = pixels;
  const facts = { model, describe, inputShape: [height, width, channels], split, examples, pixels };
  const { augment, fields } = newRunFields("images", request, collection, facts);
  const config: ImageConfig = {
    kind: "images",
    ...fields,
    pixels,
    augmentation: pictureAugmentationOf(request, augment, { channels, task: collection.task }),
  };
  return config;
}

/** The pixels of all pictures of a collection, from the cache where they are there. Tells what cannot be used. */
async function preparePictures(
  collection: ImageCollection,
  pixels: ImageInput["pixels"],
  { threads, featureFolder, strict, signal, observer, ranks }: PrepareControls,
): Promise<PixelStore> {
  const options: PreparePixelsOptions = {
    ...pixels,
    archives: collection.archives,
    ...(featureFolder !== undefined && { cacheFolder: featureFolder }),
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
    onProgress: ({ done, total }) => observer.preparing({ done, examples: total, unit: "images" }),
  };
  await prepareShare(ranks, collection.examples, (pictures) => preparePixels(pictures, options));
  const store = await preparePixels(collection.examples, options);
  const problems = [...collection.problems, ...store.problems];
  if (strict) refuseProblems({ ...collection, problems });
  if (problems.length > 0) {
    const which = problems.length === 1 ? "it" : "they";
    observer.note(listFiles(`Left out, as ${which} cannot be used:`, problems));
  }
  const data = findKnownDataset(collection.name) ? collection.name : collection.folder;
  const { width, height, channels } = store.format;
  await claimFeatures(store, { data, kind: `pixels ${width} × ${height} × ${channels}` });
  if (store.cacheProblem !== undefined) observer.note(`Pixels are not cached: ${store.cacheProblem}`);
  return store;
}
