/** @file A run's config.json, whatever its data: all that decides what the run computes. Browser-safe. */

import * as z from "zod/mini";
import { AuricleError } from "../errors.ts";
import type { NetworkConfig } from "../nn/network-plan.ts";
import { TRANSFER_NAMES } from "./options/names.ts";
import { comparedSchema } from "./transfer/compared.ts";
import type { KindName } from "./options/option.ts";
import { storedFields } from "./options/training-values.ts";

const fraction = z.number().check(z.minimum(0), z.maximum(1));

/** The first network of a run, and how it is used. */
export const transferSchema = z.strictObject({
  /** The absolute path of a run's folder or of a model file, or the name of a published network. */
  from: z.string(),
  /** Configurations of earlier versions do not say it. */
  how: z._default(z.enum(TRANSFER_NAMES), "whole"),
  /** The ways among which this one was chosen; absent where it was named, or the comparison is not done. */
  compared: z.optional(z.array(comparedSchema)),
  /** Only in configurations of earlier versions: whether the convolutional part was frozen, and the rest trained by epochs. */
  freeze: z.optional(z.boolean()),
  /** The strengths of L2 among which that of a converged head is chosen; absent where there is none. */
  strengths: z.optional(z.array(z.number().check(z.positive())).check(z.minLength(1))),
});

const task = z.enum(["classification", "tagging", "regression"]);

/** The fields of every run. */
export const commonFields = {
  /** The version of this file; a later one may have other fields. */
  version: z.literal(1),
  /** A data set's name, or the absolute path of a folder or a list. */
  data: z.string(),
  /** How the data are read, where there are several ways: the name of a split, and what the labels of a list are. */
  reading: z.strictObject({ splitName: z.optional(z.string()), task: z.optional(task) }),
  task,
  /** The names of the classes or tags, or of the numbers in a regression, by output. */
  classNames: z.array(z.string()).check(z.minLength(1)),
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
  normalize: z._default(z.boolean(), true),
  split: z.strictObject({
    /** The fractions of training, validation and test. */
    fractions: z.tuple([fraction, fraction, fraction]),
    /** Whether a split that the data's authors made is taken. */
    official: z.boolean(),
    /** Cross-validation: how many folds, and which of them is the test part; null: none. */
    fold: z.nullable(
      z.strictObject({ of: z.int().check(z.minimum(2)), number: z.int().check(z.minimum(0)) }),
    ),
    seed: z.int().check(z.minimum(0)),
    /** Whether a split that leaks is trained on all the same. */
    force: z.boolean(),
    /** Whether examples that hold the same recording or picture were looked for, and kept together. */
    duplicates: z.boolean(),
    /** How many examples of the training part are trained on; null: all. */
    trainSize: z._default(z.nullable(z.int().check(z.minimum(1))), null),
  }),
  augmentation: z.union([z.literal("none"), z.looseObject({})]),
  /** The network that the run begins with, or whose training data decide the split; null: none. */
  transfer: z.nullable(transferSchema),
};

/** The fields of a configuration that do not depend on the kind of data. */
export type TrainingConfig = Readonly<
  Omit<z.infer<z.ZodMiniObject<typeof commonFields>>, "augmentation"> & {
    kind: KindName;
    augmentation: "none" | object;
  }
>;

export function unknownConfig(path: string, problem: string): AuricleError {
  return new AuricleError(
    "file",
    `${path}: not a configuration that this version of Auricle reads:\n${problem}`,
  );
}
