/** @file A run's config.json, whatever its data: all that decides what the run computes. Browser-safe. */

import { z } from "zod";
import { AuricleError } from "../errors.ts";
import type { NetworkConfig } from "../nn/network-plan.ts";
import type { KindName } from "./options/option.ts";
import { storedFields } from "./options/training-values.ts";

const fraction = z.number().min(0).max(1);

const task = z.enum(["classification", "tagging", "regression"]);

/** The fields of every run. */
export const commonFields = {
  /** The version of this file; a later one may have other fields. */
  version: z.literal(1),
  /** A data set's name, or the absolute path of a folder or a list. */
  data: z.string(),
  /** How the data are read, where there are several ways: the name of a split, and what the labels of a list are. */
  reading: z.strictObject({ splitName: z.string().optional(), task: task.optional() }),
  task,
  /** The names of the classes or tags, or of the numbers in a regression, by output. */
  classNames: z.array(z.string()).min(1),
  /** Options that are stored as they are. */
  ...storedFields(),
  /** The network of a network file, as it was when the run began; absent for a model by name. */
  network: z.optional(
    z.custom<NetworkConfig>((value) => typeof value === "object" && value !== null && "layers" in value),
  ),
  /**
   * Whether the input is normalised, as the model or else the run does it; false: the network takes features as they are, pixels
   * as numbers from 0 to 1.
   */
  normalize: z.boolean().default(true),
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
    /** Whether examples that hold the same recording or picture were looked for, and kept together. */
    duplicates: z.boolean(),
    /** How many examples of the training part are trained on; null: all. */
    trainSize: z.int().min(1).nullable().default(null),
  }),
  augmentation: z.union([z.literal("none"), z.looseObject({})]),
  /** A run whose weights this one begins with, and whether only the new last layer is trained; null: none. */
  transfer: z.strictObject({ from: z.string(), freeze: z.boolean() }).nullable(),
};

/** The fields of a configuration that do not depend on the kind of data. */
export type TrainingConfig = Readonly<
  Omit<z.infer<z.ZodObject<typeof commonFields>>, "augmentation"> & {
    kind: KindName;
    augmentation: "none" | object;
  }
>;

export function unknownConfig(path: string, error: z.ZodError): AuricleError {
  return new AuricleError(
    "file",
    `${path}: not a configuration that this version of Auricle reads:\n${z.prettifyError(error)}`,
  );
}
