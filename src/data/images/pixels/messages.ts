/** @file The messages between the main thread and the workers that prepare pictures: plain data. Browser-safe. */

import type { FitMode } from "../../../image/resize/resize-image.ts";
import type { PictureMeasurement } from "./measurement.ts";

/** The size and form of all pictures of a store. */
export interface PixelFormat {
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for RGB. */
  readonly channels: 1 | 3;
  readonly fit: FitMode;
  /** Behind transparent pixels and beside padded pictures: RGB. */
  readonly background: readonly [number, number, number];
}

export interface ProcessorSettings {
  readonly format: PixelFormat;
  readonly maxPixels: number;
  readonly cacheFolder: string;
  /** Whether pixels are sent back, or only kept in the cache. */
  readonly sendsPixels: boolean;
}

export interface PictureTask {
  /** The picture's index in the store. */
  readonly picture: number;
  readonly path: string;
}

/** One for each task. */
export type PictureMessage =
  | {
      readonly kind: "picture";
      readonly picture: number;
      /** SHA-256 of the picture's file, hexadecimal. */
      readonly content: string;
      /** The file of the cache; undefined where it could not be written. */
      readonly path: string | undefined;
      /** `[height, width, channels]`. */
      readonly pixels: Uint8Array | undefined;
      readonly wasCached: boolean;
      readonly warnings: readonly string[];
      readonly measurement: PictureMeasurement;
      /** Why the cache could not be written. */
      readonly cacheProblem: string | undefined;
    }
  | { readonly kind: "problem"; readonly picture: number; readonly problem: string };
