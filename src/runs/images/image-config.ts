/** @file The config.json of a run on images: all that decides what the run computes. Browser-safe. */

import * as z from "zod/mini";
import type { PictureAugmentationConfig } from "../../data/images/augment/config.ts";
import type { PixelFormat } from "../../data/images/pixels/messages.ts";
import { pixelFormatSchema } from "../../image-model/description.ts";
import { checkValue } from "../../io/check-value.ts";
import { commonFields, unknownConfig } from "../training-config.ts";

const imageConfig = z.strictObject({
  ...commonFields,
  kind: z.literal("images"),
  /** The size and form that all pictures get. */
  pixels: pixelFormatSchema,
});

export type ImageConfig = Readonly<
  Omit<z.infer<typeof imageConfig>, "pixels" | "augmentation"> & {
    pixels: PixelFormat;
    augmentation: PictureAugmentationConfig;
  }
>;

/** Reads a configuration from the content of a file. @throws AuricleError "file" where this version does not write such. */
export function parseImageConfig(content: unknown, path: string): ImageConfig {
  const result = checkValue(imageConfig, content);
  if (!result.success) throw unknownConfig(path, result.problem);
  const { augmentation, ...rest } = result.data;
  return { ...rest, augmentation: augmentation as PictureAugmentationConfig };
}
