/** @file Statistics of a network's input in training: its normalisation, and the fill value of masks. Browser-safe. */

import type { AugmentationConfig } from "../../data/audio/features/augment/config.ts";
import type { MaskFill } from "../../data/audio/features/augment/masks.ts";
import { windowDataset } from "../../data/audio/features/windows/window-dataset.ts";
import { AUDIO_MODELS, isAudioModelName, type InputNormalization } from "../../models/index.ts";
import { featureStatistics, type FeatureStatistics, type Network } from "../../nn/index.ts";
import { normalizesItself } from "../networks/normalized-network.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { SoundJob } from "./sound-job.ts";

type Training = Pick<SoundJob, "config" | "store" | "parts">;

/**
 * The statistics that normalize the input, from training clips only; "none" where features are taken as they are, undefined
 * for a model that normalises in its own way.
 */
export async function inputNormalization(training: Training): Promise<InputNormalization | undefined> {
  const { model, normalize, network } = training.config;
  if (!normalize) return "none";
  if (network) return normalizesItself(network) ? "none" : statisticsOf(training);
  const definition = isAudioModelName(model) ? AUDIO_MODELS[model] : undefined;
  return definition?.normalizeByTraining ? statisticsOf(training) : undefined;
}

/**
 * The value that masks fill in, which the network treats as no signal: the mean that its own normalization subtracts. With
 * `--from` that is the mean of the other run's data.
 */
export async function maskFillOf(training: Training, network: Network): Promise<MaskFill> {
  if (!hasMasks(training.config.augmentation)) return "mean";
  const [first] = network.layers;
  if (first.layer.className === "ExampleNormalization") return "mean";
  const size = sizeOf(training.store.stepShape);
  const own = first.layer.className === "Normalization" && network.getWeights().get(`${first.name}/mean`);
  const means = own ? own.data : (await statisticsOf(training)).mean;
  return Float64Array.from({ length: size }, (_, i) => means[Math.floor((i * means.length) / size)]);
}

function hasMasks(augmentation: AugmentationConfig): boolean {
  return augmentation !== "none" && Boolean(augmentation.frequencyMasks ?? augmentation.timeMasks);
}

/** Computes the statistics of each feature of a step over the windows of the first epoch, before augmentation. */
async function statisticsOf({ config, store, parts }: Training): Promise<FeatureStatistics> {
  const { windowFrames, windowsPerClip, seed } = config;
  const windows = windowDataset(store, parts.train, { mode: "random", windowFrames, windowsPerClip, seed });
  return featureStatistics(windows, {
    axis: store.stepShape.map((_, i) => FIRST_STEP_AXIS + i),
    range: true,
  });
}

/** The first axis within a step of `[N,T,F,C]` or `[N,T,C]`. */
const FIRST_STEP_AXIS = 2;
