/** @file The description that makes a network an audio model: stored in the model file's metadata. Browser-safe. */

import * as z from "zod/mini";
import { frontEndConfig, type FrontEndConfig, type FrontEndOptions } from "../audio/front-end/config.ts";
import { frontEnd } from "../audio/front-end/index.ts";
import type { SoundRange } from "../audio/sound-range.ts";
import type { Task } from "../data/collection/collection.ts";
import { AuricleError } from "../errors.ts";
import { checkValue } from "../io/check-value.ts";
import type { Json } from "../nn/index.ts";

export interface AudioDescription {
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression; by output. */
  readonly classNames: readonly string[];
  readonly frontEnd: FrontEndConfig;
  /** Steps of the features that the network sees at once; samples for a waveform. */
  readonly windowFrames: number;
  /** In a regression: the factor for the network's outputs, and the number then added, by output. */
  readonly targetScale?: readonly { readonly deviation: number; readonly mean: number }[];
  /** The bandwidth, level and noise floor of the recordings that the model was trained on; absent if unknown. */
  readonly heard?: SoundRange;
}

/** The key of the metadata. */
const KEY = "audio";

/** Returns whether metadata describe an audio model; {@link audioDescription} checks whether they do so correctly. */
export function isAudioModelDescribed(metadata: Readonly<Record<string, Json>>): boolean {
  return KEY in metadata;
}

const range = z.readonly(z.tuple([z.number(), z.number()]));

/** As a schema, {@link SoundRange}. */
export const soundRangeSchema = z.strictObject({ bandwidth: range, level: range, noiseFloor: range });

const schema = z.strictObject({
  task: z.enum(["classification", "tagging", "regression"]),
  classNames: z.array(z.string()).check(z.minLength(1)),
  frontEnd: z.looseObject({ kind: z.string() }),
  windowFrames: z.int().check(z.minimum(1)),
  targetScale: z.optional(
    z.array(z.strictObject({ deviation: z.number().check(z.positive()), mean: z.number() })),
  ),
  heard: z.optional(soundRangeSchema),
});

/**
 * Returns the metadata that makes a model an audio model: `model.metadata = audioMetadata({ … })`, or with other metadata.
 * @param description the front end may leave out options that have a default
 * @throws AuricleError "argument" for a front end that makes no sense.
 */
export function audioMetadata(
  description: Omit<AudioDescription, "frontEnd"> & { readonly frontEnd: FrontEndOptions },
): Record<string, Json> {
  const complete = { ...description, frontEnd: frontEndConfig(description.frontEnd) };
  return { [KEY]: JSON.parse(JSON.stringify(complete)) as Json };
}

/**
 * @param source the model's file, for messages
 * @throws AuricleError "file" when the metadata describe no audio model that this version knows.
 */
export function audioDescription(metadata: Readonly<Record<string, Json>>, source: string): AudioDescription {
  if (!isAudioModelDescribed(metadata)) {
    throw new AuricleError(
      "file",
      `${source}: not a model of sound: it does not describe how audio becomes its input`,
    );
  }
  const parsed = checkValue(schema, metadata[KEY]);
  if (!parsed.success) {
    throw new AuricleError(
      "file",
      `${source}: its description of sound is not one that this version of Auricle reads:\n` + parsed.problem,
    );
  }
  try {
    return { ...parsed.data, frontEnd: frontEnd(parsed.data.frontEnd as FrontEndOptions).config };
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    throw new AuricleError("file", `${source}: ${error.message}`, { cause: error });
  }
}
