/** @file The config.json of a run on sound: all that decides what the run computes. Node only. */

import { join } from "node:path";
import { z } from "zod";
import { frontEndConfig, type FrontEndConfig, type FrontEndOptions } from "../../audio/front-end/config.ts";
import { soundRangeSchema } from "../../audio-model/description.ts";
import type { AugmentationConfig } from "../../data/audio/features/augment/config.ts";
import { AuricleError } from "../../errors.ts";
import { readJson, writeJson } from "../json-file.ts";
import { storedFields } from "../options/training-values.ts";
import { RUN_FILES } from "../run-folder.ts";

const fraction = z.number().min(0).max(1);

const task = z.enum(["classification", "tagging", "regression"]);

const soundConfig = z.strictObject({
  /** The version of this file; a later one may have other fields. */
  version: z.literal(1),
  kind: z.literal("sound"),
  /** A data set's name, or the absolute path of a folder or a list. */
  data: z.string(),
  /** How the data are read, where there are several ways: the name of a split, and what the labels of a list are. */
  reading: z.strictObject({ splitName: z.string().optional(), task: task.optional() }),
  task,
  /** The names of the classes or tags, or of the numbers in a regression, by output. */
  classNames: z.array(z.string()).min(1),
  /** Options that are stored as they are. */
  ...storedFields(),
  frontEnd: z.looseObject({ kind: z.string() }),
  /** Whether features are normalised, as the model does it; false: the network takes them as they are. */
  normalize: z.boolean().default(true),
  /** Steps of the features that the network sees at once; samples for a waveform. */
  windowFrames: z.int().min(1),
  /** The bandwidth, level and noise floor measured in a sample of the recordings; absent where none were measured. */
  heard: z.optional(soundRangeSchema),
  split: z.strictObject({
    /** The fractions of training, validation and test. */
    fractions: z.tuple([fraction, fraction, fraction]),
    /** Whether a split that the data's authors made is taken. */
    official: z.boolean(),
    /** Cross-validation: how many folds, and which of them is the test part; null: none. */
    fold: z.strictObject({ of: z.int().min(2), number: z.int().min(0) }).nullable(),
    seed: z.int().min(0),
    /** Whether a split that leaks is trained on all the same. */
    force: z.boolean(),
    /** Whether clips that hold the same sound were looked for, and kept together. */
    duplicates: z.boolean(),
  }),
  /** Windows of each clip in an epoch. */
  windowsPerClip: z.int().min(1),
  augmentation: z.union([z.literal("none"), z.looseObject({})]),
  /** A run whose weights this one begins with, and whether only the new last layer is trained; null: none. */
  transfer: z.strictObject({ from: z.string(), freeze: z.boolean() }).nullable(),
});

export type SoundConfig = Readonly<
  Omit<z.infer<typeof soundConfig>, "frontEnd" | "augmentation"> & {
    frontEnd: FrontEndConfig;
    augmentation: AugmentationConfig;
  }
>;

/** @throws AuricleError "file" when it cannot be written. */
export async function writeSoundConfig(folder: string, config: SoundConfig): Promise<void> {
  await writeJson(join(folder, RUN_FILES.config), config);
}

/** Whether a run's folder holds a run on sound. @throws AuricleError "file" when its configuration cannot be read. */
export async function isSoundRun(folder: string): Promise<boolean> {
  const content = await readJson(join(folder, RUN_FILES.config));
  return z.looseObject({ kind: z.literal("sound") }).safeParse(content).success;
}

/** @throws AuricleError "file" when the file is not as this version writes it. */
export async function readSoundConfig(folder: string): Promise<SoundConfig> {
  const path = join(folder, RUN_FILES.config);
  const result = soundConfig.safeParse(await readJson(path));
  if (!result.success) {
    throw new AuricleError(
      "file",
      `${path}: not a configuration that this version of Auricle reads:\n${z.prettifyError(result.error)}`,
    );
  }
  const { frontEnd, augmentation, ...rest } = result.data;
  return {
    ...rest,
    frontEnd: frontEndConfig(frontEnd as FrontEndOptions),
    augmentation: augmentation as AugmentationConfig,
  };
}
