/** @file The config.json of a run on sound: all that decides what the run computes. Browser-safe. */

import * as z from "zod/mini";
import { frontEndConfig, type FrontEndConfig, type FrontEndOptions } from "../../audio/front-end/config.ts";
import { soundRangeSchema } from "../../audio-model/description.ts";
import type { AugmentationConfig } from "../../data/audio/features/augment/config.ts";
import { checkValue } from "../../io/check-value.ts";
import { commonFields, unknownConfig } from "../training-config.ts";

const soundConfig = z.strictObject({
  ...commonFields,
  kind: z.literal("sound"),
  frontEnd: z.looseObject({ kind: z.string() }),
  /** Steps of the features that the network sees at once; samples for a waveform. */
  windowFrames: z.int().check(z.minimum(1)),
  /** The bandwidth, level and noise floor measured in a sample of the recordings; absent where none were measured. */
  heard: z.optional(soundRangeSchema),
  /** Windows of each clip in an epoch. */
  windowsPerClip: z.int().check(z.minimum(1)),
});

export type SoundConfig = Readonly<
  Omit<z.infer<typeof soundConfig>, "frontEnd" | "augmentation"> & {
    frontEnd: FrontEndConfig;
    augmentation: AugmentationConfig;
  }
>;

/** Reads a configuration from the content of a file. @throws AuricleError "file" where this version does not write such. */
export function parseSoundConfig(content: unknown, path: string): SoundConfig {
  const result = checkValue(soundConfig, content);
  if (!result.success) throw unknownConfig(path, result.problem);
  const { frontEnd, augmentation, ...rest } = result.data;
  return {
    ...rest,
    frontEnd: frontEndConfig(frontEnd as FrontEndOptions),
    augmentation: augmentation as AugmentationConfig,
  };
}
