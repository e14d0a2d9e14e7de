/** @file The configuration of a new run on sound. Node only. */

import { resolve } from "node:path";
import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { SoundRange } from "../../audio/sound-range.ts";
import { defaultAugmentation } from "../../data/audio/features/augment/default-augmentation.ts";
import type { AudioCollection } from "../../data/audio/index.ts";
import { findKnownDataset } from "../../data/registry.ts";
import { chooseAlgorithms } from "../../runtime/algorithm-policy.ts";
import { chooseTarget } from "../../runtime/target.ts";
import { defaultEpochs, defaultWindowsPerClip } from "./recipe.ts";
import type { SoundConfig } from "./sound-config.ts";
import type { SoundRequest } from "./sound-run.ts";

const DEFAULTS = {
  batchSize: 32,
  optimizer: "adamw",
  learningRate: 3e-3,
  weightDecay: 1e-2,
  schedule: "one-cycle",
  labelSmoothing: 0.1,
  balance: "none",
  patience: 10,
} as const;

/** What a configuration needs to know of the data. */
export interface DataFacts {
  readonly model: SoundConfig["model"];
  readonly frontEnd: FrontEndConfig;
  readonly windowFrames: number;
  readonly heard?: SoundRange;
  /** Of the features. */
  readonly stepShape: readonly number[];
  readonly split: SoundConfig["split"];
  /** Of the training part. */
  readonly clips: number;
}

/** The configuration of a new run: what was asked for, and defaults for the rest. */
export function newConfig(
  request: SoundRequest,
  { task, classNames }: AudioCollection,
  { model, frontEnd: front, windowFrames, heard, stepShape, split, clips }: DataFacts,
): SoundConfig {
  const { patience = DEFAULTS.patience } = request;
  return {
    version: 1,
    kind: "sound",
    data: dataOf(request.data),
    reading: request.reading,
    task,
    classNames: [...classNames],
    model,
    frontEnd: front,
    windowFrames,
    ...(heard && { heard }),
    split,
    epochs: request.epochs ?? defaultEpochs(clips),
    batchSize: request.batchSize ?? DEFAULTS.batchSize,
    windowsPerClip: defaultWindowsPerClip(clips),
    optimizer: request.optimizer ?? DEFAULTS.optimizer,
    learningRate: request.learningRate ?? DEFAULTS.learningRate,
    weightDecay: request.weightDecay ?? DEFAULTS.weightDecay,
    schedule: request.schedule ?? DEFAULTS.schedule,
    labelSmoothing: task === "regression" ? 0 : (request.labelSmoothing ?? DEFAULTS.labelSmoothing),
    balance: request.balance ?? DEFAULTS.balance,
    augmentation:
      request.augment === false ? "none" : defaultAugmentation(front, stepShape, windowFrames, task),
    seed: request.seed,
    patience: split.fractions[1] === 0 ? null : patience,
    transfer: request.transfer ? transferOf(request.transfer) : null,
    target: chooseTarget(request.target),
    algorithms: chooseAlgorithms(request.algorithms),
  };
}

/** A data set's name, or the absolute path of a folder or a list. */
export function dataOf(data: string): string {
  return findKnownDataset(data) ? data : resolve(data);
}

/** With the absolute path of the other run, so that a run can go on from another folder. */
export function transferOf({ from, freeze }: NonNullable<SoundConfig["transfer"]>) {
  return { from: resolve(from), freeze };
}
